package io.millrace.it.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/**
 * How a query is run.
 *
 * @param mode {@code batch} or {@code streaming}
 * @param kernels {@code compiled} or {@code interpreted}
 * @param memoryPercent what state may hold in memory: 0 to have all of it evicted, batch by batch
 */
public record Configuration(String mode, int batchRows, int parallelism, String kernels, int memoryPercent) {
    /** The plainest way: its answer is what the others are held to. */
    public static final Configuration REFERENCE = new Configuration("batch", 4096, 1, "interpreted", 50);

    private static final int[] BATCH_ROWS = {1, 7, 4096};
    private static final int[] PARALLELISM = {1, 2, 4};
    private static final List<String> KERNELS = List.of("compiled", "interpreted");

    public boolean isStreaming() {
        return mode.equals("streaming");
    }

    /** What SET changes. Epochs are short, so that little input already makes several. */
    public Map<String, String> settings() {
        return Map.of(
                "execution.runtime-mode",
                mode,
                "execution.batch-rows",
                String.valueOf(batchRows),
                "parallelism.default",
                String.valueOf(parallelism),
                "execution.kernels",
                kernels,
                "state.memory-percent",
                String.valueOf(memoryPercent),
                "view.epoch",
                "1 ms");
    }

    /** Every one there is. */
    public static List<Configuration> all() {
        List<Configuration> all = new ArrayList<>();
        for (String kernels : KERNELS) {
            all.addAll(combinations(() -> kernels));
        }
        return all;
    }

    /** Every batch size with every parallelism in both modes; which kernels run is drawn. */
    public static List<Configuration> drawn(SplittableRandom random) {
        return combinations(() -> KERNELS.get(random.nextInt(KERNELS.size())));
    }

    private static List<Configuration> combinations(Supplier<String> kernels) {
        List<Configuration> combinations = new ArrayList<>();
        for (String mode : List.of("batch", "streaming")) {
            for (int batchRows : BATCH_ROWS) {
                for (int parallelism : PARALLELISM) {
                    combinations.add(
                            new Configuration(
                                    mode,
                                    batchRows,
                                    parallelism,
                                    kernels.get(),
                                    memoryPercent(batchRows, parallelism)));
                }
            }
        }
        return combinations;
    }

    /** All of the state is evicted in one combination of either mode, where batches are not too many for that. */
    private static int memoryPercent(int batchRows, int parallelism) {
        return batchRows == 4096 && parallelism == 2 ? 0 : 50;
    }

    @Override
    public String toString() {
        return mode
                + ", batch-rows="
                + batchRows
                + ", parallelism="
                + parallelism
                + ", "
                + kernels
                + (memoryPercent == 0 ? ", all evicted" : "");
    }
}
