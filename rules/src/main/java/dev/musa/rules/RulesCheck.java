package dev.musa.rules;

import dev.musa.rules.publish.RuleDirectory;
import dev.musa.schemas.Signal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * What is to be said about a rule directory or file, for the command line.
 *
 * @param problems empty if the rules can be published
 * @param summary one line: what the set holds, or how much is wrong
 */
public record RulesCheck(List<Problem> problems, String summary) {
  public RulesCheck {
    problems = List.copyOf(problems);
  }

  /**
   * Checks without a key: rules that hash are right if the key is all that they lack here.
   *
   * @throws IOException if something cannot be read; the message names it
   */
  public static RulesCheck of(Path directoryOrFile) throws IOException {
    if (!Files.exists(directoryOrFile)) {
      throw new IOException(
          directoryOrFile
              + " does not exist (expected: a directory of rule files, or one of them)");
    }
    Map<String, String> files =
        Files.isDirectory(directoryOrFile)
            ? directory(directoryOrFile)
            : Map.of(
                String.valueOf(directoryOrFile.getFileName()),
                Files.readString(directoryOrFile, StandardCharsets.UTF_8));
    try {
      RuleSet set = RuleSet.load(files, HashKey.forChecking());
      return new RulesCheck(List.of(), summary(set, files.size()));
    } catch (RuleException e) {
      int count = e.problems().size();
      return new RulesCheck(
          e.problems(), count + (count == 1 ? " problem" : " problems") + " in " + directoryOrFile);
    }
  }

  public boolean isValid() {
    return problems.isEmpty();
  }

  /** Everything that is to be printed. */
  public String format() {
    StringJoiner text = new StringJoiner("\n\n");
    problems.forEach(problem -> text.add(problem.format()));
    return text.add(summary).toString();
  }

  private static Map<String, String> directory(Path directory) throws IOException {
    Map<String, String> files = RuleDirectory.read(directory);
    if (files == null) {
      throw new IOException(directory + " is being changed; check it again");
    }
    return files;
  }

  private static String summary(RuleSet set, int files) {
    StringJoiner steps = new StringJoiner(", ");
    for (Signal signal : Signal.values()) {
      int count = set.steps(signal);
      steps.add(signal.label() + " " + count + (count == 1 ? " step" : " steps"));
    }
    return "rules %s: %d %s, %s%s"
        .formatted(
            set.version(),
            files,
            files == 1 ? "file" : "files",
            steps,
            set.hashes() ? "; needs rules.hashKeyFile where it runs" : "");
  }
}
