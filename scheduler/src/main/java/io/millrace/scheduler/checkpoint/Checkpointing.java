package io.millrace.scheduler.checkpoint;

import io.millrace.memory.error.MillraceException;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.state.checkpoint.Manifest;
import io.millrace.state.checkpoint.OperatorEntry;
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
 */
public record Checkpointing(
        String job, long incarnation, CheckpointLog log, List<Identity> operators, Manifest header, Manifest restored) {
    /** Of one node. */
    public record Identity(String id, String name, String fingerprint) {}

    public Checkpointing {
        operators = List.copyOf(operators);
    }

    /**
     * Names the nodes of a graph by what their state means: the same in every plan of a query, and a number where
     * several mean the same.
     */
    public static List<Identity> identify(OperatorGraph graph) {
        List<String> meanings = graph.stateMeanings();
        Map<String, Integer> seen = new HashMap<>();
        List<Identity> identities = new ArrayList<>();
        for (Node node : graph.nodes()) {
            String fingerprint = fingerprint(node.spec().name() + " " + meanings.get(node.id()));
            int before = seen.merge(fingerprint, 1, Integer::sum) - 1;
            String id =
                    node.spec().name().toLowerCase(Locale.ROOT) + "-" + fingerprint + (before == 0 ? "" : "-" + before);
            identities.add(new Identity(id, node.spec().name() + "#" + node.id(), meanings.get(node.id())));
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
        if (restored == null) {
            return List.of();
        }
        String id = operators.get(node).id();
        for (OperatorEntry operator : restored.operators()) {
            if (operator.id().equals(id)) {
                return operator.tasks();
            }
        }
        return List.of();
    }

    /** The checkpoint to go on from, 0 for none. */
    public long restoredCheckpoint() {
        return restored == null ? 0 : restored.checkpoint();
    }
}
