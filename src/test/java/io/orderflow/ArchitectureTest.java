package io.orderflow;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.orderflow", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule DOMAIN_IS_PURE = classes()
            .that()
            .resideInAPackage("io.orderflow.domain..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("io.orderflow.domain..", "java.lang..", "java.math..", "java.time..", "java.util..");

    @ArchTest
    static final ArchRule ONLY_THE_LEDGER_KNOWS_DYNAMODB = noClasses()
            .that()
            .resideOutsideOfPackage("io.orderflow.ledger..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk.services.dynamodb..");

    @ArchTest
    static final ArchRule THE_COMPONENT_STANDS_ALONE = noClasses()
            .that()
            .resideInAPackage("io.orderflow.stripe..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.orderflow.domain..",
                    "io.orderflow.order..",
                    "io.orderflow.payment..",
                    "io.orderflow.delivery..",
                    "io.orderflow.ledger..",
                    "io.orderflow.api..");

    @ArchTest
    static final ArchRule BEANS_TAKE_PLAIN_TYPES = noClasses()
            .that()
            .resideInAnyPackage("io.orderflow.(*)..")
            .and()
            .haveSimpleNameNotContaining("OutcomeAggregation")
            .and()
            .haveSimpleNameNotContaining("ResponseHeaders")
            .and()
            .resideOutsideOfPackage("io.orderflow.stripe..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("org.apache.camel.Exchange");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("io.orderflow.(*)..").should().beFreeOfCycles();
}
