package io.millrace.engine.plan;

import io.millrace.connectors.api.Sink;
import io.millrace.connectors.api.Source;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.scan.ScanSpec;
import io.millrace.operators.sink.SinkSpec;
import io.millrace.state.checkpoint.JsonTree;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A graph of operators as text, to be run again by the script that it was planned for. Stateless. */
public final class StoredPlan {
    private static final Logger LOG = LoggerFactory.getLogger(StoredPlan.class);

    private StoredPlan() {}

    /**
     * The text of a plan; empty for one that cannot be written, with nested types: that is planned anew each time.
     *
     * @param conditions under which it was made; under others it is not run
     */
    public static String write(String conditions, OperatorGraph graph) {
        try {
            return JsonTree.write(PlanWriter.write(conditions, graph));
        } catch (MillraceException unwritable) {
            if (unwritable.code() != ErrorCode.UNSUPPORTED) {
                throw unwritable;
            }
            LOG.info("the plan is not stored: {}", unwritable.getMessage());
            return "";
        }
    }

    /**
     * The plan that was stored, reading and writing the tables of another of the same script.
     *
     * @param fresh that other, as the script is planned now
     * @param warnings are told when this version cannot read it
     * @return {@code fresh} when there is no other for these conditions, or none that this version can read
     */
    public static OperatorGraph read(String text, String conditions, OperatorGraph fresh, Consumer<String> warnings) {
        if (text.isEmpty()) {
            return fresh;
        }
        Map<String, Source> sources = new HashMap<>();
        Map<String, Sink> sinks = new HashMap<>();
        for (Node node : fresh.nodes()) {
            switch (node.spec()) {
                case ScanSpec scan -> sources.put(scan.table(), scan.source());
                case SinkSpec sink -> sinks.put(sink.table(), sink.sink());
                default -> {}
            }
        }
        try {
            Map<?, ?> plan = (Map<?, ?>) JsonTree.parse(text);
            if (!conditions.equals(plan.get("conditions"))) {
                LOG.info("planned anew: {} where the stored plan is for {}", conditions, plan.get("conditions"));
                return fresh;
            }
            return (OperatorGraph) new PlanReader(sources, sinks).value(plan.get("graph"), OperatorGraph.class);
        } catch (ReflectiveOperationException | IllegalArgumentException | ClassCastException other) {
            warnings.accept("planned anew: the stored plan is of another version: " + other.getMessage());
            return fresh;
        }
    }
}
