// Does with golang.org/x/crypto/ssh what ../../programs.ts asks of a client, and opens many connections.
package main

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

var errHostKey = errors.New("another host key")

type answer struct {
	status int
	output []byte
}

func main() {
	err := do(os.Args[1], os.Args[2:])
	switch {
	case err == nil:
	case errors.Is(err, errHostKey):
		os.Exit(11)
	case strings.Contains(err.Error(), "unable to authenticate"):
		os.Exit(10)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func do(deed string, words []string) error {
	settings, err := readSettings()
	if err != nil {
		return err
	}
	if deed == "many" {
		return many(settings, words)
	}
	client, err := connect(settings)
	if err != nil {
		return err
	}
	defer client.Close()
	switch deed {
	case "each":
		for number, command := range readCommands() {
			say(number, run(client, command, 0, 0))
		}
	case "together":
		together(client, readCommands())
	case "terminal":
		columns, _ := strconv.Atoi(words[0])
		rows, _ := strconv.Atoi(words[1])
		say(0, run(client, readCommands()[0], columns, rows))
	case "copy":
		return copyThereAndBack(client, words[0], words[1], words[2])
	}
	return nil
}

func readSettings() (*ssh.ClientConfig, error) {
	text, err := os.ReadFile(os.Getenv("KEY"))
	if err != nil {
		return nil, err
	}
	signer, err := ssh.ParsePrivateKey(text)
	if err != nil {
		return nil, err
	}
	hostKey, _, _, _, err := ssh.ParseAuthorizedKey([]byte(os.Getenv("HOST_KEY")))
	if err != nil {
		return nil, err
	}
	return &ssh.ClientConfig{
		User:              os.Getenv("LOGIN"),
		Auth:              []ssh.AuthMethod{ssh.PublicKeys(signer)},
		HostKeyAlgorithms: []string{hostKey.Type()},
		HostKeyCallback: func(_ string, _ net.Addr, key ssh.PublicKey) error {
			if !bytes.Equal(key.Marshal(), hostKey.Marshal()) {
				return errHostKey
			}
			return nil
		},
	}, nil
}

func address() string { return net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")) }

func connect(settings *ssh.ClientConfig) (*ssh.Client, error) {
	stream, err := dial()
	if err != nil {
		return nil, err
	}
	connection, channels, requests, err := ssh.NewClientConn(stream, address(), settings)
	if err != nil {
		stream.Close()
		return nil, err
	}
	return ssh.NewClient(connection, channels, requests), nil
}

func dial() (net.Conn, error) {
	proxy := os.Getenv("PROXY")
	if proxy == "" {
		return net.DialTimeout("tcp", address(), time.Minute)
	}
	command := exec.Command("sh", "-c", proxy)
	command.Stderr = os.Stderr
	input, err := command.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return &piped{ReadCloser: output, input: input}, command.Start()
}

// A program's stdin and stdout as a connection.
type piped struct {
	io.ReadCloser
	input io.WriteCloser
}

func (p *piped) Write(bytes []byte) (int, error)  { return p.input.Write(bytes) }
func (p *piped) Close() error                     { p.input.Close(); return p.ReadCloser.Close() }
func (p *piped) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (p *piped) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (p *piped) SetDeadline(time.Time) error      { return nil }
func (p *piped) SetReadDeadline(time.Time) error  { return nil }
func (p *piped) SetWriteDeadline(time.Time) error { return nil }

func run(client *ssh.Client, command string, columns, rows int) answer {
	session, err := client.NewSession()
	if err != nil {
		return answer{-1, []byte(err.Error())}
	}
	defer session.Close()
	if columns > 0 {
		if err := session.RequestPty("xterm", rows, columns, ssh.TerminalModes{}); err != nil {
			return answer{-1, []byte(err.Error())}
		}
	}
	output, err := session.Output(command)
	var ended *ssh.ExitError
	switch {
	case err == nil:
		return answer{0, output}
	case errors.As(err, &ended):
		return answer{ended.ExitStatus(), output}
	default:
		return answer{-1, []byte(err.Error())}
	}
}

func together(client *ssh.Client, commands []string) {
	answers := make([]answer, len(commands))
	var group sync.WaitGroup
	for number, command := range commands {
		group.Go(func() { answers[number] = run(client, command, 0, 0) })
	}
	group.Wait()
	for number, answer := range answers {
		say(number, answer)
	}
}

func copyThereAndBack(client *ssh.Client, local, remote, back string) error {
	files, err := sftp.NewClient(client)
	if err != nil {
		return err
	}
	defer files.Close()
	bytes, err := os.ReadFile(local)
	if err != nil {
		return err
	}
	there, err := files.Create(remote)
	if err != nil {
		return err
	}
	if _, err := there.Write(bytes); err != nil {
		return err
	}
	if err := there.Close(); err != nil {
		return err
	}
	again, err := files.Open(remote)
	if err != nil {
		return err
	}
	defer again.Close()
	here, err := os.Create(back)
	if err != nil {
		return err
	}
	if _, err := io.Copy(here, again); err != nil {
		return err
	}
	return here.Close()
}

// many COUNT WORKERS: so many connections, so many at a time. Each logs in and runs a command, whose status is looked at.
// Prints what went well, and what did not with its first reasons.
func many(settings *ssh.ClientConfig, words []string) error {
	count, _ := strconv.ParseInt(words[0], 10, 64)
	workers, _ := strconv.Atoi(words[1])
	var next, right atomic.Int64
	var group sync.WaitGroup
	reasons := make(chan string, 10)
	for range workers {
		group.Go(func() {
			for number := next.Add(1); number <= count; number = next.Add(1) {
				if reason := once(settings, int(number%256)); reason == "" {
					right.Add(1)
				} else {
					select {
					case reasons <- reason:
					default:
					}
				}
			}
		})
	}
	group.Wait()
	close(reasons)
	fmt.Println(right.Load())
	for reason := range reasons {
		fmt.Fprintln(os.Stderr, reason)
	}
	return nil
}

func once(settings *ssh.ClientConfig, status int) string {
	client, err := connect(settings)
	if err != nil {
		return err.Error()
	}
	defer client.Close()
	found := run(client, fmt.Sprintf("exit %d", status), 0, 0)
	if found.status != status {
		return fmt.Sprintf("status %d instead of %d: %s", found.status, status, found.output)
	}
	return ""
}

func readCommands() []string {
	var commands []string
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		commands = append(commands, lines.Text())
	}
	return commands
}

func say(number int, answer answer) {
	output := base64.StdEncoding.EncodeToString(answer.output)
	if output == "" {
		output = "-"
	}
	fmt.Println(number, answer.status, output)
}
