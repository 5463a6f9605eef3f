package dev.musa.benchmarks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Nothing that is released may need the bench; here all modules are on the class path. */
class BenchArchitectureTest {
  @Test
  void nothing_importsTheBench() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.musa.benchmarks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.musa.benchmarks..")
        .check(
            new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("dev.musa"));
  }
}
