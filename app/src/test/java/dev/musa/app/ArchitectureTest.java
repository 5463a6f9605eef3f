package dev.musa.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keeps the arrows between the modules one way. */
class ArchitectureTest {
  /** What each module may import of MUSA beside itself; app may import all. */
  private static final Map<String, List<String>> MAY_IMPORT =
      Map.of(
          "schemas", List.of(),
          "runtime", List.of(),
          "rules", List.of("schemas", "runtime"),
          "collector", List.of("schemas", "runtime"),
          "processors", List.of("schemas", "runtime", "rules"),
          "sinks", List.of("schemas", "runtime", "rules"),
          "k8s", List.of("schemas", "runtime"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.musa");

  @ParameterizedTest
  @ValueSource(strings = {"schemas", "runtime", "rules", "collector", "processors", "sinks", "k8s"})
  void imports_goOneWay(String module) {
    List<String> forbidden = new ArrayList<>(MAY_IMPORT.keySet());
    forbidden.add("app");
    forbidden.add("benchmarks");
    forbidden.remove(module);
    forbidden.removeAll(MAY_IMPORT.get(module));
    noClasses()
        .that()
        .resideInAPackage("dev.musa." + module + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            forbidden.stream().map(name -> "dev.musa." + name + "..").toArray(String[]::new))
        .check(CLASSES);
  }

  @Test
  void runtime_knowsNoTelemetry() {
    noClasses()
        .that()
        .resideInAPackage("dev.musa.runtime..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(CLASSES);
  }

  @Test
  void everyModule_isSeen() {
    for (String module : MAY_IMPORT.keySet()) {
      assertThat(
              CLASSES.stream().anyMatch(c -> c.getPackageName().startsWith("dev.musa." + module)))
          .as(module)
          .isTrue();
    }
  }
}
