package io.millrace.benchmarks.kernel;

import java.util.List;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Question: what does a row cost in the innermost loops, with the Vector API and without? Nanoseconds a row, each
 * benchmark in processes of its own. The answers are checked against plain loops before anything is timed. Arguments: a
 * file for the results with the Vector API, and one for those without, both JSON.
 *
 * <p>{@code java -cp CLASS_PATH FLAGS io.millrace.benchmarks.kernel.KernelSuite vector.json scalar.json}, where FLAGS
 * are those of the launcher; they go on to the processes that measure.
 */
public final class KernelSuite {
    private KernelSuite() {}

    public static void main(String[] arguments) throws RunnerException {
        if (arguments.length != 2) {
            throw new IllegalArgumentException("expected two files for results, found " + List.of(arguments));
        }
        String all = KernelSuite.class.getPackageName().replace(".", "\\.") + "\\..*Benchmark.*";
        new Runner(options(all).result(arguments[0]).build()).run();
        String kernels = RawKernelBenchmark.class.getName().replace(".", "\\.") + ".*";
        new Runner(options(kernels).result(arguments[1]).jvmArgsAppend("-Dmillrace.kernels.vector=false").build())
                .run();
    }

    private static ChainedOptionsBuilder options(String include) {
        return new OptionsBuilder()
                .include(include)
                .forks(2)
                .warmupIterations(3)
                .warmupTime(TimeValue.milliseconds(500))
                .measurementIterations(5)
                .measurementTime(TimeValue.milliseconds(500))
                .shouldFailOnError(true)
                .resultFormat(ResultFormatType.JSON);
    }
}
