package io.millrace.it.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnitAccess;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Rules on compiled classes. Each says why. */
final class HouseRules {
    /** The places that may ask the machine for the time; everything else is handed a clock. */
    static final Set<String> CLOCKS = Set.of("io.millrace.memory.time.SystemClock");

    private static final Pattern BAD_NAME =
            Pattern.compile("(Abstract|Base)[A-Z].*|.*(Impl|Manager|Helper|Utils?|V2)|Abstract|Base");
    private static final Pattern BAD_PACKAGE = Pattern.compile("(^|.*\\.)(utils?|common|helpers?|misc|base)(\\..*|$)");

    /** Calls that make a run impossible to replay, by class and method; a constructor is {@code <init>}. */
    private static final Map<String, Set<String>> UNREPEATABLE =
            Map.of(
                    "java.lang.System", Set.of("nanoTime", "currentTimeMillis"),
                    "java.lang.Thread", Set.of("sleep"),
                    "java.lang.Math", Set.of("random"),
                    "java.util.concurrent.ThreadLocalRandom", Set.of("current"),
                    "java.util.UUID", Set.of("randomUUID"),
                    "java.util.concurrent.TimeUnit", Set.of("sleep"));

    private static final Map<String, Set<String>> MACHINE_DEFAULTS =
            Map.of(
                    "java.nio.charset.Charset", Set.of("defaultCharset"),
                    "java.util.Locale", Set.of("getDefault"),
                    "java.time.ZoneId", Set.of("systemDefault"),
                    "java.util.TimeZone", Set.of("getDefault"));

    private static final Set<String> OPEN_TO_ALL = Set.of("java", "javax", "org.slf4j", "io.millrace");

    private HouseRules() {}

    static ArchRule arrowsPointDown(FloorTable table) {
        return classes()
                .should(
                        new ArchCondition<>("use only what the table in ARCHITECTURE.md lets their module use") {
                            @Override
                            public void check(JavaClass user, ConditionEvents events) {
                                Optional<FloorTable.Row> row = table.ownerOf(user.getPackageName());
                                if (row.isEmpty()) {
                                    violated(events, user, user.getName() + " belongs to no module of the table");
                                    return;
                                }
                                for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
                                    JavaClass used = dependency.getTargetClass().getBaseComponentType();
                                    if (!used.isPrimitive() && !allowed(table, row.get(), used)) {
                                        violated(events, user, row.get().module() + ": " + dependency.getDescription());
                                    }
                                }
                            }
                        })
                .because("the arrows between modules point down");
    }

    private static boolean allowed(FloorTable table, FloorTable.Row user, JavaClass used) {
        Optional<FloorTable.Row> owner = table.ownerOf(used.getPackageName());
        if (owner.isPresent()) {
            return table.mayUse(user, owner.get());
        }
        String packageName = used.getPackageName();
        for (String open : OPEN_TO_ALL) {
            if (packageName.equals(open) || packageName.startsWith(open + ".")) {
                return true;
            }
        }
        return table.mayUseLibrary(user, packageName);
    }

    static ArchRule packagesHaveNoCycles() {
        return slices().assignedFrom(
                        new SliceAssignment() {
                            @Override
                            public SliceIdentifier getIdentifierOf(JavaClass type) {
                                return SliceIdentifier.of(type.getPackageName());
                            }

                            @Override
                            public String getDescription() {
                                return "packages";
                            }
                        })
                .should()
                .beFreeOfCycles()
                .because("two packages that need each other are one package");
    }

    static ArchRule namesSayWhatAThingIs() {
        return noClasses()
                .should(
                        new ArchCondition<>("be named Abstract*, Base*, *Impl, *Manager, *Helper, *Util(s) or *V2") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                boolean bad = BAD_NAME.matcher(type.getSimpleName()).matches();
                                events.add(new SimpleConditionEvent(type, bad, type.getName()));
                            }
                        })
                .because("such a name says how a thing was made, not what it is");
    }

    static ArchRule packagesAreNounsOfTheDomain() {
        return noClasses()
                .should(
                        new ArchCondition<>("live in a package named util, common, helper, misc or base") {
                            @Override
                            public void check(JavaClass type, ConditionEvents events) {
                                boolean bad = BAD_PACKAGE.matcher(type.getPackageName()).matches();
                                events.add(new SimpleConditionEvent(type, bad, type.getName()));
                            }
                        })
                .because("what belongs anywhere is found nowhere");
    }

    static ArchRule runsCanBeReplayed() {
        return noClasses()
                .that(doNotLiveIn(CLOCKS))
                .should(call("ask the machine for time, chance or sleep", UNREPEATABLE))
                .orShould(
                        call("make a random generator without a seed", Map.of("java.util.Random", Set.of("<init>()"))))
                .orShould(readTheWallClock())
                .because("clock, randomness and threads are injected, so that one seed replays one run");
    }

    static ArchRule nothingDependsOnTheMachine() {
        return noClasses()
                .should(call("use the default charset, locale or time zone", MACHINE_DEFAULTS))
                .because("the same query must mean the same on every machine");
    }

    static ArchRule noJavaSerialization() {
        return noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.Object(Input|Output)Stream")
                .because("what is stored or sent has a written layout, and reading bytes must not run code");
    }

    static ArchRule onlyProgramsEndTheProcess() {
        return noClasses()
                .that(DescribedPredicate.not(resideInAnyPackage("io.millrace.cli..", "io.millrace.style..")))
                .should(callMethod(System.class, "exit", int.class))
                .because("the engine is embedded in other people's processes");
    }

    private static DescribedPredicate<JavaClass> doNotLiveIn(Set<String> names) {
        return DescribedPredicate.describe("are not a clock", type -> !names.contains(type.getName()));
    }

    private static ArchCondition<JavaClass> readTheWallClock() {
        return calls(
                "read the wall clock through java.time",
                call ->
                        call.getTargetOwner().getPackageName().equals("java.time")
                                && (call.getName().equals("now") || call.getName().startsWith("system")));
    }

    private static ArchCondition<JavaClass> call(String description, Map<String, Set<String>> methods) {
        return calls(
                description,
                call -> {
                    Set<String> names = methods.getOrDefault(call.getTargetOwner().getName(), Set.of());
                    boolean withoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
                    return names.contains(call.getName())
                            || (withoutArguments && names.contains(call.getName() + "()"));
                });
    }

    private static ArchCondition<JavaClass> calls(
            String description, java.util.function.Predicate<JavaCodeUnitAccess<?>> bad) {
        return new ArchCondition<>(description) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (JavaCodeUnitAccess<?> call : type.getCodeUnitAccessesFromSelf()) {
                    events.add(new SimpleConditionEvent(type, bad.test(call), call.getDescription()));
                }
            }
        };
    }

    private static void violated(ConditionEvents events, JavaClass type, String message) {
        events.add(SimpleConditionEvent.violated(type, message));
    }
}
