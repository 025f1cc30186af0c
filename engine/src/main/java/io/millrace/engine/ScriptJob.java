package io.millrace.engine;

import io.millrace.engine.job.EngineJob;
import io.millrace.engine.view.View;
import java.util.List;

/**
 * A script that runs as one job.
 *
 * @param views it fills, in the order of the script
 * @param tables it writes
 */
public record ScriptJob(EngineJob job, List<View> views, List<String> tables) {
    public ScriptJob {
        views = List.copyOf(views);
        tables = List.copyOf(tables);
    }
}
