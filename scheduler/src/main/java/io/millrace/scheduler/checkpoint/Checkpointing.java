package io.millrace.scheduler.checkpoint;

import io.millrace.connectors.api.ColumnChange;
import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.state.StateChange;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
import io.millrace.state.checkpoint.StateMeaning;
import io.millrace.state.checkpoint.TaskEntry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * That a job takes checkpoints, and which it goes on from.
 *
 * @param job names the job over all its executions
 * @param incarnation of this execution
 * @param log where they go
 * @param operators what names each node over all executions, and what its state means, by node
 * @param header what a manifest says besides: its operators, number and time are not looked at
 * @param restored the checkpoint to go on from; null for none
 * @param origins what each node goes on from, by node
 */
public record Checkpointing(
        String job,
        long incarnation,
        CheckpointLog log,
        List<Identity> operators,
        Manifest header,
        Manifest restored,
        List<Origin> origins) {
    /** Of one node. */
    public record Identity(String id, String name, StateMeaning meaning) {}

    /**
     * What a node goes on from.
     *
     * @param tasks as the checkpoint has them; empty for none
     * @param change what became of keys and values since; null for nothing
     * @param columns the same of a sink's columns; null for nothing
     */
    public record Origin(List<TaskEntry> tasks, StateChange change, ColumnChange columns) {
        /** Of a node that begins anew. */
        public static final Origin NONE = new Origin(List.of(), null, null);

        public Origin {
            tasks = List.copyOf(tasks);
        }
    }

    public Checkpointing {
        operators = List.copyOf(operators);
        origins = List.copyOf(origins);
    }

    /** Of a job whose nodes are what they were, by name. */
    public Checkpointing(
            String job,
            long incarnation,
            CheckpointLog log,
            List<Identity> operators,
            Manifest header,
            Manifest restored) {
        this(job, incarnation, log, operators, header, restored, byName(operators, restored));
    }

    private static List<Origin> byName(List<Identity> operators, Manifest restored) {
        List<Origin> origins = new ArrayList<>();
        for (Identity identity : operators) {
            Origin origin = Origin.NONE;
            for (OperatorEntry operator : restored == null ? List.<OperatorEntry>of() : restored.operators()) {
                if (operator.id().equals(identity.id())) {
                    origin = new Origin(operator.tasks(), null, null);
                }
            }
            origins.add(origin);
        }
        return origins;
    }

    /**
     * Names the nodes of a graph by what their state means: the same in every plan of a query, and a number where
     * several mean the same.
     */
    public static List<Identity> identify(OperatorGraph graph) {
        List<StateMeaning> meanings = graph.stateMeanings();
        Map<String, Integer> seen = new HashMap<>();
        List<Identity> identities = new ArrayList<>();
        for (Node node : graph.nodes()) {
            StateMeaning meaning = meanings.get(node.id());
            String fingerprint = fingerprint(node.spec().name() + " " + meaning.text());
            int before = seen.merge(fingerprint, 1, Integer::sum) - 1;
            String id =
                    node.spec().name().toLowerCase(Locale.ROOT) + "-" + fingerprint + (before == 0 ? "" : "-" + before);
            identities.add(new Identity(id, node.spec().name() + "#" + node.id(), meaning));
        }
        return identities;
    }

    private static String fingerprint(String meaning) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(meaning.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 6);
        } catch (NoSuchAlgorithmException missing) {
            throw MillraceException.wrap(missing);
        }
    }

    /** The tasks of a node in the checkpoint to go on from; empty when there are none. */
    public List<TaskEntry> restored(int node) {
        return origins.get(node).tasks();
    }

    /** The checkpoint to go on from, 0 for none. */
    public long restoredCheckpoint() {
        return restored == null ? 0 : restored.checkpoint();
    }
}
