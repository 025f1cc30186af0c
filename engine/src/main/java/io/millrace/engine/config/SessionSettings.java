package io.millrace.engine.config;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.contract.KernelMode;
import io.millrace.sql.RuntimeMode;
import io.millrace.sql.names.NearestName;
import java.time.ZoneId;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The settings of a session: what SET and {@code --set} change. One thread. */
public final class SessionSettings {
    private final int cores;
    private final Consumer<String> warnings;
    private final Map<Setting, String> texts = new EnumMap<>(Setting.class);
    private final Map<Setting, Object> values = new EnumMap<>(Setting.class);
    private final Map<String, String> foreign = new TreeMap<>();

    /**
     * The defaults.
     *
     * @param cores the parallelism when none is set
     * @param warnings takes one line for each key that has no meaning here
     */
    public SessionSettings(int cores, Consumer<String> warnings) {
        this.cores = cores;
        this.warnings = warnings;
        reset();
    }

    /** Changes a setting; UNKNOWN_OPTION for a key that is neither ours nor Flink's, naming the nearest. */
    public void set(String key, String text) {
        Setting setting = Setting.ofKey(key);
        if (setting != null) {
            values.put(setting, setting.parse(text));
            texts.put(setting, text);
            return;
        }
        String reason = ForeignSettings.reason(key);
        if (reason == null) {
            throw unknown(key);
        }
        foreign.put(key, text);
        warnings.accept("'" + key + "' has no effect here: " + reason);
    }

    /** Gives a setting its default again. */
    public void reset(String key) {
        Setting setting = Setting.ofKey(key);
        if (setting != null) {
            texts.remove(setting);
            setDefault(setting);
        } else if (foreign.remove(key) == null && ForeignSettings.reason(key) == null) {
            throw unknown(key);
        }
    }

    /** Gives every setting its default again. */
    public void reset() {
        texts.clear();
        foreign.clear();
        for (Setting setting : Setting.values()) {
            setDefault(setting);
        }
    }

    private void setDefault(Setting setting) {
        if (setting.defaultText() == null) {
            values.remove(setting);
        } else {
            values.put(setting, setting.parse(setting.defaultText()));
        }
    }

    private static MillraceException unknown(String key) {
        return new MillraceException(ErrorCode.UNKNOWN_OPTION, "unknown setting '" + key + "'")
                .withHelp(NearestName.help(key, Setting.keys(), "SET alone lists the settings."));
    }

    /** Every setting that has a value, defaults included, by key. */
    public Map<String, String> all() {
        Map<String, String> all = new TreeMap<>(foreign);
        for (Setting setting : Setting.values()) {
            String text = get(setting.key());
            if (text != null) {
                all.put(setting.key(), text);
            }
        }
        return new LinkedHashMap<>(all);
    }

    /** The value as text, or null. */
    public String get(String key) {
        Setting setting = Setting.ofKey(key);
        if (setting == null) {
            return foreign.get(key);
        }
        if (setting == Setting.PARALLELISM) {
            return String.valueOf(parallelism());
        }
        return texts.getOrDefault(setting, setting.defaultText());
    }

    public RuntimeMode runtimeMode() {
        return (RuntimeMode) values.get(Setting.RUNTIME_MODE);
    }

    public int parallelism() {
        return (Integer) values.getOrDefault(Setting.PARALLELISM, cores);
    }

    public int batchRows() {
        return (Integer) values.get(Setting.BATCH_ROWS);
    }

    public KernelMode kernels() {
        return (KernelMode) values.get(Setting.KERNELS);
    }

    public long seed() {
        return (Long) values.get(Setting.SEED);
    }

    public long checkpointIntervalNanos() {
        return (Long) values.get(Setting.CHECKPOINT_INTERVAL);
    }

    public int keyGroups() {
        return (Integer) values.get(Setting.KEY_GROUPS);
    }

    public int stateMemoryPercent() {
        return (Integer) values.get(Setting.STATE_MEMORY);
    }

    public long viewEpochNanos() {
        return (Long) values.get(Setting.VIEW_EPOCH);
    }

    public long idleTimeoutNanos() {
        return (Long) values.get(Setting.IDLE_TIMEOUT);
    }

    public ZoneId zone() {
        return (ZoneId) values.get(Setting.ZONE);
    }

    /** {@code pipeline.name}, or null. */
    public String jobName() {
        return (String) values.get(Setting.JOB_NAME);
    }
}
