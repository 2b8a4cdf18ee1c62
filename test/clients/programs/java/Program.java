import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Scanner;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What ../../programs.ts asks of a client, over a connection of any library. */
final class Program {
  record Answer(int status, byte[] output) {}

  record Size(int columns, int rows) {}

  interface Connection extends AutoCloseable {
    /** A command; on a terminal if there is a size. */
    Answer run(String command, Size size) throws Exception;

    void copy(String local, String remote, String back) throws Exception;
  }

  static String setting(String name) {
    return System.getenv(name);
  }

  static int port() {
    return Integer.parseInt(setting("PORT"));
  }

  static byte[] hostKey() {
    return Base64.getDecoder().decode(setting("HOST_KEY").split(" ")[1]);
  }

  static void perform(Connection connection, String[] words) throws Exception {
    switch (words[0]) {
      case "each" -> {
        int number = 0;
        for (String command : readCommands()) say(number++, connection.run(command, null));
      }
      case "together" -> together(connection);
      case "terminal" -> {
        Size size = new Size(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
        say(0, connection.run(readCommands().get(0), size));
      }
      case "copy" -> connection.copy(words[1], words[2], words[3]);
      default -> throw new IllegalArgumentException(words[0]);
    }
  }

  private static void together(Connection connection) throws Exception {
    List<String> commands = readCommands();
    ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, commands.size()));
    List<Future<Answer>> answers = new ArrayList<>();
    for (String command : commands) answers.add(threads.submit(() -> connection.run(command, null)));
    for (int number = 0; number < commands.size(); number += 1) say(number, answers.get(number).get());
    threads.shutdown();
  }

  private static List<String> readCommands() {
    List<String> commands = new ArrayList<>();
    Scanner lines = new Scanner(System.in, StandardCharsets.UTF_8);
    while (lines.hasNextLine()) commands.add(lines.nextLine());
    return commands;
  }

  private static void say(int number, Answer answer) {
    String output = Base64.getEncoder().encodeToString(answer.output());
    System.out.println(number + " " + answer.status() + " " + (output.isEmpty() ? "-" : output));
  }

  /** Ends as a refusal does if one of the words is in what was said. */
  static void endWith(Exception error, String login, String hostKey) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      String said = String.valueOf(cause.getMessage());
      if (said.contains(hostKey)) System.exit(11);
      if (said.contains(login)) System.exit(10);
    }
    error.printStackTrace();
    System.exit(1);
  }
}
