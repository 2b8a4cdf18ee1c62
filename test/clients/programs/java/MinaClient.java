import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.PublicKey;
import java.time.Duration;
import java.util.EnumSet;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.channel.ChannelExec;
import org.apache.sshd.client.channel.ClientChannelEvent;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.PtyChannelConfiguration;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClientFactory;

/** Does with Apache MINA what ../../programs.ts asks of a client. */
public final class MinaClient {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static boolean isOtherKey;

  public static void main(String[] words) throws Exception {
    try (Program.Connection connection = connect()) {
      Program.perform(connection, words);
    } catch (Exception error) {
      if (isOtherKey) System.exit(11);
      Program.endWith(error, "No more authentication methods available", "Server key did not validate");
    }
    System.exit(0);
  }

  private static Program.Connection connect() throws Exception {
    SshClient client = SshClient.setUpDefaultClient();
    PublicKey expected = PublicKeyEntry.parsePublicKeyEntry(Program.setting("HOST_KEY")).resolvePublicKey(null, null, null);
    client.setServerKeyVerifier((session, address, key) -> {
      isOtherKey = !KeyUtils.compareKeys(expected, key);
      return !isOtherKey;
    });
    client.setKeyIdentityProvider(new FileKeyPairProvider(Path.of(Program.setting("KEY"))));
    client.start();
    ClientSession session =
        client.connect(Program.setting("LOGIN"), Program.setting("HOST"), Program.port()).verify(LIMIT).getSession();
    session.auth().verify(LIMIT);
    return new Program.Connection() {
      @Override
      public Program.Answer run(String command, Program.Size size) throws Exception {
        try (ChannelExec channel = open(session, command, size)) {
          channel.open().verify(LIMIT);
          byte[] bytes = channel.getInvertedOut().readAllBytes();
          channel.waitFor(EnumSet.of(ClientChannelEvent.CLOSED), 0L);
          Integer status = channel.getExitStatus();
          return new Program.Answer(status == null ? -1 : status, bytes);
        }
      }

      @Override
      public void copy(String local, String remote, String back) throws Exception {
        try (SftpClient files = SftpClientFactory.instance().createSftpClient(session)) {
          try (var there = files.write(remote)) {
            Files.copy(Path.of(local), there);
          }
          try (var again = files.read(remote)) {
            Files.copy(again, Path.of(back), StandardCopyOption.REPLACE_EXISTING);
          }
        }
      }

      @Override
      public void close() {
        session.close(true);
        client.stop();
      }
    };
  }

  private static ChannelExec open(ClientSession session, String command, Program.Size size) throws Exception {
    if (size == null) return session.createExecChannel(command);
    PtyChannelConfiguration terminal = new PtyChannelConfiguration();
    terminal.setPtyType("xterm");
    terminal.setPtyColumns(size.columns());
    terminal.setPtyLines(size.rows());
    ChannelExec channel = session.createExecChannel(command, terminal, null);
    channel.setUsePty(true);
    return channel;
  }
}
