package io.millrace.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.KernelMode;
import io.millrace.sql.RuntimeMode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionSettingsTest {
    private final List<String> warnings = new ArrayList<>();
    private final SessionSettings settings = new SessionSettings(3, warnings::add);

    @Test
    void beginsWithTheDefaultsOfTheContract() {
        assertThat(settings.runtimeMode()).isEqualTo(RuntimeMode.AUTOMATIC);
        assertThat(settings.parallelism()).isEqualTo(3);
        assertThat(settings.checkpointIntervalNanos()).isEqualTo(10_000_000_000L);
        assertThat(settings.keyGroups()).isEqualTo(128);
        assertThat(settings.viewEpochNanos()).isEqualTo(100_000_000L);
        assertThat(settings.zone().getId()).isEqualTo("UTC");
        assertThat(settings.kernels()).isEqualTo(KernelMode.COMPILED);
    }

    @Test
    void takesValuesAndGivesDefaultsBack() {
        settings.set("execution.runtime-mode", "Batch");
        settings.set("view.epoch", "10ms");
        settings.set("table.local-time-zone", "Europe/Berlin");
        settings.set("parallelism.default", "7");
        assertThat(settings.runtimeMode()).isEqualTo(RuntimeMode.BATCH);
        assertThat(settings.viewEpochNanos()).isEqualTo(10_000_000L);
        assertThat(settings.parallelism()).isEqualTo(7);
        assertThat(settings.get("view.epoch")).isEqualTo("10ms");
        settings.reset("view.epoch");
        assertThat(settings.viewEpochNanos()).isEqualTo(100_000_000L);
        settings.reset();
        assertThat(settings.zone().getId()).isEqualTo("UTC");
        assertThat(settings.parallelism()).isEqualTo(3);
        assertThat(settings.all()).containsEntry("parallelism.default", "3").doesNotContainKey("pipeline.name");
    }

    @ParameterizedTest
    @CsvSource({
        "execution.runtime-mode, fast, 'expected one of automatic, batch, streaming'",
        "parallelism.default, many, expected a whole number",
        "parallelism.default, 0, expected a whole number from 1 to 1024",
        "view.epoch, soon, expected a duration such as 100 ms or 10 s",
        "view.epoch, 0 s, expected more than nothing",
        "table.local-time-zone, Mars/Olympus, expected a time zone",
    })
    void refusesValuesSayingWhatItExpected(String key, String value, String message) {
        assertThatThrownBy(() -> settings.set(key, value))
                .hasMessageContaining(key)
                .hasMessageContaining(message)
                .hasMessageContaining("found '" + value + "'")
                .extracting(e -> ((MillraceException) e).code())
                .isEqualTo(ErrorCode.INVALID_OPTION);
    }

    @Test
    void acceptsKeysOfFlinkWithOneWarning() {
        settings.set("table.exec.mini-batch.enabled", "true");
        settings.set("execution.checkpointing.mode", "EXACTLY_ONCE");
        assertThat(warnings)
                .containsExactly(
                        "'table.exec.mini-batch.enabled' has no effect here: rows always travel in batches",
                        "'execution.checkpointing.mode' has no effect here: only the interval can be set");
        assertThat(settings.get("table.exec.mini-batch.enabled")).isEqualTo("true");
    }

    @Test
    void namesTheNearestKeyOfAnUnknownOne() {
        assertThatThrownBy(() -> settings.set("view.epochs", "1 s"))
                .hasMessage("unknown setting 'view.epochs'")
                .extracting(e -> ((MillraceException) e).help())
                .isEqualTo("Did you mean 'view.epoch'?");
        assertThatThrownBy(() -> settings.reset("nonsense")).hasMessage("unknown setting 'nonsense'");
    }

    @ParameterizedTest
    @CsvSource({"512m, 536870912", "2g, 2147483648", "2 GB, 2147483648", "100, 100", "1kib, 1024"})
    void readsSizes(String text, long bytes) {
        assertThat(Amount.bytes("memory", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"'', x", "-1g, x", "9999999999g, x", "1.5g, x", "2 apples, x"})
    void refusesWhatIsNoSize(String text, String ignored) {
        assertThatThrownBy(() -> Amount.bytes("memory", text))
                .hasMessageContaining("expected a size such as 512m or 2g");
    }

    @Test
    void leavesMostOfTheMemoryToRows() {
        MillraceConfig config = MillraceConfig.defaults().withMemoryBytes(8L << 30);
        assertThat(config.offHeapBytes()).isBetween(2L << 30, 8L << 30);
        assertThatThrownBy(() -> config.withMemoryBytes(1)).hasMessageContaining("expected at least 512m");
    }
}
