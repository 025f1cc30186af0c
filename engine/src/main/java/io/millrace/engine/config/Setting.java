package io.millrace.engine.config;

import io.millrace.operators.contract.KernelMode;
import io.millrace.sql.RuntimeMode;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A key that SET knows: its name, its default and what values it takes. */
public enum Setting {
    RUNTIME_MODE("execution.runtime-mode", "automatic", "automatic, batch or streaming") {
        @Override
        Object parse(String text) {
            return word(RuntimeMode.values(), text);
        }
    },
    PARALLELISM("parallelism.default", null, "tasks an operator has; the number of cores when not set") {
        @Override
        Object parse(String text) {
            return (int) number(text, 1, 1024);
        }
    },
    BATCH_ROWS("execution.batch-rows", "4096", "rows of a full batch") {
        @Override
        Object parse(String text) {
            return (int) number(text, 1, 1 << 16);
        }
    },
    KERNELS("execution.kernels", "compiled", "compiled or interpreted") {
        @Override
        Object parse(String text) {
            return word(KernelMode.values(), text);
        }
    },
    SEED("execution.seed", "0", "of whatever is drawn at random") {
        @Override
        Object parse(String text) {
            return number(text, Long.MIN_VALUE, Long.MAX_VALUE);
        }
    },
    CHECKPOINT_INTERVAL("execution.checkpointing.interval", "10 s", "between checkpoints") {
        @Override
        Object parse(String text) {
            return duration(text);
        }
    },
    KEY_GROUPS("state.key-groups", "128", "into which keys are divided, fixed for a savepoint's life") {
        @Override
        Object parse(String text) {
            return (int) number(text, 1, 1 << 15);
        }
    },
    STATE_MEMORY(
            "state.memory-percent",
            "55",
            "of the memory for rows: what state may hold before it goes to disk; 0 to 80") {
        @Override
        Object parse(String text) {
            return (int) number(text, 0, 80);
        }
    },
    VIEW_EPOCH("view.epoch", "100 ms", "between publications of views") {
        @Override
        Object parse(String text) {
            return duration(text);
        }
    },
    ZONE("table.local-time-zone", "UTC", "in which TIMESTAMP_LTZ is read and shown") {
        @Override
        Object parse(String text) {
            try {
                return ZoneId.of(text.strip());
            } catch (DateTimeException unknown) {
                throw Amount.invalid(key(), "a time zone such as UTC, Europe/Berlin or +02:00", text);
            }
        }
    },
    IDLE_TIMEOUT(
            "table.exec.source.idle-timeout",
            "0 ms",
            "after which an idle split no longer holds the watermark; 0 for never") {
        @Override
        Object parse(String text) {
            return Amount.nanos(key(), text);
        }
    },
    JOB_NAME("pipeline.name", null, "of the next job") {
        @Override
        Object parse(String text) {
            return text;
        }
    };

    private final String key;
    private final String defaultText;
    private final String meaning;

    Setting(String key, String defaultText, String meaning) {
        this.key = key;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    /** As SET has it. */
    public String key() {
        return key;
    }

    /** Null when there is none. */
    public String defaultText() {
        return defaultText;
    }

    public String meaning() {
        return meaning;
    }

    /** The value as its type; INVALID_OPTION when the text cannot be one. */
    abstract Object parse(String text);

    /** The setting of this key, or null. */
    public static Setting ofKey(String key) {
        for (Setting setting : values()) {
            if (setting.key.equals(key)) {
                return setting;
            }
        }
        return null;
    }

    public static List<String> keys() {
        return Arrays.stream(values()).map(Setting::key).toList();
    }

    <E extends Enum<E>> E word(E[] words, String text) {
        for (E word : words) {
            if (word.name().equalsIgnoreCase(text.strip())) {
                return word;
            }
        }
        List<String> names = Arrays.stream(words).map(word -> word.name().toLowerCase(Locale.ROOT)).toList();
        throw Amount.invalid(key, "one of " + String.join(", ", names), text);
    }

    long number(String text, long min, long max) {
        try {
            long value = Long.parseLong(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException notANumber) {
            throw Amount.invalid(key, "a whole number", text);
        }
        throw Amount.invalid(key, "a whole number from " + min + " to " + max, text);
    }

    long duration(String text) {
        long nanos = Amount.nanos(key, text);
        if (nanos <= 0) {
            throw Amount.invalid(key, "more than nothing", text);
        }
        return nanos;
    }
}
