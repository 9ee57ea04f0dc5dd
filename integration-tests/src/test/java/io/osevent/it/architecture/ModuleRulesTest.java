package io.osevent.it.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import io.osevent.shim.Seams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may use whom. A user of one foreign library needs nothing of the other, and the core needs nothing but the JDK. */
class ModuleRulesTest {
    private static final String BRIDGE = "io.osevent.bridge..";
    private static final String SHIM = "io.osevent.shim..";
    private static final String LIBVIRT = "io.osevent.libvirt..";
    private static final String LIBXL = "io.osevent.libxl..";
    private static final String VERTX = "io.osevent.vertx";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("test-classes"))
            .importPackages("io.osevent");

    private static final ArchRule CORE_USES_THE_JDK_ONLY = classes()
            .that()
            .resideInAPackage(BRIDGE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(BRIDGE, "java..");

    @Test
    void theCoreUsesTheJdkOnly() {
        CORE_USES_THE_JDK_ONLY.check(CLASSES);
    }

    @Test
    void theDialectsNeverSeeEachOther() {
        noClasses()
                .that()
                .resideInAPackage(LIBVIRT)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LIBXL)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(LIBXL)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(LIBVIRT)
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage(SHIM)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(LIBVIRT, LIBXL)
                .check(CLASSES);
    }

    @Test
    void nativeCodeKnowsNoHost() {
        noClasses()
                .that()
                .resideInAnyPackage(SHIM, LIBVIRT, LIBXL)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.osevent.vertx..", "io.osevent.agent..", "io.vertx..", "io.netty..", "org.libvirt..")
                .check(CLASSES);
    }

    @Test
    void theHostNeedsNoLibvirtJava() {
        noClasses()
                .that()
                .resideInAPackage(VERTX)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.libvirt..")
                .check(CLASSES);
    }

    @Test
    void nobodyButTheAgentKnowsTheAgent() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.osevent.agent..", "io.osevent.it..", "io.osevent.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.osevent.agent..")
                .check(CLASSES);
    }

    /** Negative control: the rule that holds the core must see a class that breaks it. */
    @Test
    void aClassThatBreaksTheRuleIsSeen() {
        JavaClasses vertx = new ClassFileImporter().importPackages("io.osevent.vertx");
        ArchRule rule = classes()
                .that()
                .resideInAPackage(VERTX)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(BRIDGE, "java..");
        assertThrows(AssertionError.class, () -> rule.check(vertx));
    }

    @Test
    void noForeignLibraryIsLoadedBeforeItIsAskedFor() throws IOException {
        Seams.best();
        try (var maps = Files.lines(Path.of("/proc/self/maps"))) {
            List<String> loaded = maps.filter(line -> line.contains("libvirt.so") || line.contains("libxenlight"))
                    .toList();
            assertEquals(List.of(), loaded);
        }
    }
}
