package io.millrace.engine.durable;

import io.millrace.connectors.api.Source;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.scheduler.checkpoint.Checkpointing;
import io.millrace.state.checkpoint.Manifest;
import java.util.List;

/**
 * What the operators of a graph find of their state in a checkpoint, and what becomes of it.
 *
 * @param identities of the nodes: those of the checkpoint where their state is kept
 * @param origins what each goes on from
 * @param fates a line an operator of the graph that keeps anything, then those of the checkpoint that it has no more
 * @param reread sources that are read from their beginning
 */
public record StateMatch(
        List<Checkpointing.Identity> identities,
        List<Checkpointing.Origin> origins,
        List<StateFate> fates,
        List<Source> reread) {
    public StateMatch {
        identities = List.copyOf(identities);
        origins = List.copyOf(origins);
        fates = List.copyOf(fates);
        reread = List.copyOf(reread);
    }

    /** Compares by what state means. */
    public static StateMatch of(OperatorGraph graph, Manifest manifest) {
        return new StateMatcher(graph, manifest).match();
    }

    /** Operators whose state, or a part of it, would be left behind. */
    public List<StateFate> drops() {
        return fates.stream().filter(StateFate::drops).toList();
    }

    /**
     * What of the rows that there once were is not read again, a sentence a source. Asks the sources: blocks, and fails
     * when one of them does not answer.
     */
    public List<String> losses() {
        return reread.stream().map(Source::replayLoss).filter(loss -> !loss.isEmpty()).toList();
    }

    /** Operators whose state is not just kept. */
    public List<StateFate> changes() {
        return fates.stream().filter(fate -> fate.kind() != StateFate.Kind.KEPT).toList();
    }
}
