import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.ChannelSftp;
import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.Session;

/** Does with JSch what ../../programs.ts asks of a client. */
public final class JschClient {
  public static void main(String[] words) throws Exception {
    try (Program.Connection connection = connect()) {
      Program.perform(connection, words);
    } catch (Exception error) {
      Program.endWith(error, "Auth fail", "HostKey");
    }
  }

  private static Program.Connection connect() throws Exception {
    JSch jsch = new JSch();
    jsch.addIdentity(Program.setting("KEY"));
    String host = Program.setting("HOST");
    String name = Program.port() == 22 ? host : "[" + host + "]:" + Program.port();
    jsch.getHostKeyRepository().add(new HostKey(name, Program.hostKey()), null);
    Session session = jsch.getSession(Program.setting("LOGIN"), host, Program.port());
    session.setConfig("StrictHostKeyChecking", "yes");
    session.setConfig("PreferredAuthentications", "publickey");
    session.connect(120_000);
    return new Program.Connection() {
      @Override
      public Program.Answer run(String command, Program.Size size) throws Exception {
        ChannelExec channel = (ChannelExec) session.openChannel("exec");
        channel.setCommand(command);
        if (size != null) {
          channel.setPty(true);
          channel.setPtySize(size.columns(), size.rows(), 0, 0);
        }
        var output = channel.getInputStream();
        channel.connect(120_000);
        byte[] bytes = output.readAllBytes();
        // The status may come after the end of the output.
        while (!channel.isClosed()) Thread.sleep(5);
        channel.disconnect();
        return new Program.Answer(channel.getExitStatus(), bytes);
      }

      @Override
      public void copy(String local, String remote, String back) throws Exception {
        ChannelSftp files = (ChannelSftp) session.openChannel("sftp");
        files.connect(120_000);
        files.put(local, remote);
        files.get(remote, back);
        files.disconnect();
      }

      @Override
      public void close() {
        session.disconnect();
      }
    };
  }
}
