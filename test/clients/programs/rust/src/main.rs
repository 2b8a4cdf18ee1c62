//! Does with russh what ../../../programs.ts asks of a client.

use std::env::var;
use std::io::{BufRead, stdin};
use std::process::exit;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use russh::client::{self, Handle};
use russh::keys::{PrivateKeyWithHashAlg, PublicKey, PublicKeyOrCertificate, load_secret_key, parse_public_key_base64};
use russh::{ChannelMsg, Disconnect};
use russh_sftp::client::SftpSession;
use tokio::io::AsyncWriteExt;

type Fallible<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

struct Answer {
    status: i64,
    output: Vec<u8>,
}

struct Verifier {
    expected: PublicKey,
}

impl client::Handler for Verifier {
    type Error = russh::Error;

    async fn check_server_key(&mut self, key: &PublicKeyOrCertificate) -> Result<bool, Self::Error> {
        if !matches!(key, PublicKeyOrCertificate::PublicKey { key, .. } if key.key_data() == self.expected.key_data()) {
            exit(11);
        }
        Ok(true)
    }
}

#[tokio::main]
async fn main() -> Fallible<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let session = Arc::new(connect().await?);
    match words[0].as_str() {
        "each" => {
            for (number, command) in read_commands().iter().enumerate() {
                say(number, run(&session, command, None).await?);
            }
        }
        "together" => {
            let running: Vec<_> = read_commands()
                .into_iter()
                .map(|command| {
                    let session = session.clone();
                    tokio::spawn(async move { run(&session, &command, None).await })
                })
                .collect();
            for (number, answer) in running.into_iter().enumerate() {
                say(number, answer.await??);
            }
        }
        "terminal" => {
            let size = (words[1].parse()?, words[2].parse()?);
            say(0, run(&session, &read_commands()[0], Some(size)).await?);
        }
        "copy" => copy(&session, &words[1], &words[2], &words[3]).await?,
        _ => exit(2),
    }
    session.disconnect(Disconnect::ByApplication, "", "").await?;
    Ok(())
}

async fn connect() -> Fallible<Handle<Verifier>> {
    let expected = parse_public_key_base64(var("HOST_KEY")?.split(' ').nth(1).unwrap_or(""))?;
    let address = (var("HOST")?, var("PORT")?.parse::<u16>()?);
    let key = load_secret_key(var("KEY")?, None)?;
    let mut session = client::connect(Arc::default(), address, Verifier { expected }).await?;
    let login = session
        .authenticate_publickey(var("LOGIN")?, PrivateKeyWithHashAlg::new(Arc::new(key), None))
        .await?;
    if !login.success() {
        exit(10);
    }
    Ok(session)
}

async fn run(session: &Handle<Verifier>, command: &str, size: Option<(u32, u32)>) -> Fallible<Answer> {
    let mut channel = session.channel_open_session().await?;
    if let Some((columns, rows)) = size {
        channel.request_pty(true, "xterm", columns, rows, 0, 0, &[]).await?;
    }
    channel.exec(true, command).await?;
    let mut answer = Answer { status: -1, output: Vec::new() };
    while let Some(message) = channel.wait().await {
        match message {
            ChannelMsg::Data { data } => answer.output.extend_from_slice(&data),
            ChannelMsg::ExitStatus { exit_status } => answer.status = exit_status.into(),
            _ => {}
        }
    }
    Ok(answer)
}

async fn copy(session: &Handle<Verifier>, local: &str, remote: &str, back: &str) -> Fallible<()> {
    let channel = session.channel_open_session().await?;
    channel.request_subsystem(true, "sftp").await?;
    let files = SftpSession::new(channel.into_stream()).await?;
    let mut there = files.create(remote).await?;
    there.write_all(&tokio::fs::read(local).await?).await?;
    there.shutdown().await?;
    let mut again = files.open(remote).await?;
    let mut here = tokio::fs::File::create(back).await?;
    tokio::io::copy(&mut again, &mut here).await?;
    here.flush().await?;
    files.close().await?;
    Ok(())
}

fn read_commands() -> Vec<String> {
    stdin().lock().lines().map_while(Result::ok).collect()
}

fn say(number: usize, answer: Answer) {
    let output = STANDARD.encode(&answer.output);
    println!("{number} {} {}", answer.status, if output.is_empty() { "-" } else { &output });
}
