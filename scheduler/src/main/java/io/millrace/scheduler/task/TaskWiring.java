package io.millrace.scheduler.task;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.MemoryBudget;
import io.millrace.memory.error.MillraceException;
import io.millrace.memory.time.Clock;
import io.millrace.operators.contract.EpochMarker;
import io.millrace.operators.contract.Operator;
import io.millrace.operators.contract.SourceOperator;
import io.millrace.operators.graph.Node;
import io.millrace.operators.graph.OperatorGraph;
import io.millrace.operators.graph.Partitioning;
import io.millrace.scheduler.epoch.EpochPort;
import io.millrace.scheduler.exchange.Channel;
import io.millrace.scheduler.exchange.EdgeWriter;
import io.millrace.scheduler.exchange.Sender;
import io.millrace.state.TaskState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/**
 * Makes the tasks of a graph and the channels between them. Used once: {@link #slots} says which tasks there will be,
 * {@link #addOperator} gives each node its operators, {@link #connect} makes the tasks. Owns the operators until then.
 */
public final class TaskWiring {
    /** A task to be: the root of its operators, which of the root's tasks, and on which worker it would best run. */
    public record Slot(int root, int index, int placement) {}

    /** What the tasks have in common; the budget is the one that their memory comes from. */
    public record Setting(
            TaskParts parts,
            TaskOwner owner,
            Clock clock,
            MemoryBudget budget,
            int ringCapacityBatches,
            int keyGroups,
            int batchRows) {}

    private record Place(int node, int index) {}

    /** An operator and what it keeps. */
    private record Opened(Operator operator, TaskState state) implements AutoCloseable {
        @Override
        public void close() {
            try {
                state.close();
            } finally {
                operator.close();
            }
        }
    }

    private record Pair(ChainPlan.Link link, int from, int to) {}

    private final OperatorGraph graph;
    private final ChainPlan plan;
    private final Setting setting;
    private final List<Slot> slots = new ArrayList<>();
    private final Map<Place, Opened> operators = new HashMap<>();
    private final Map<Place, Task> taskOfRoot = new HashMap<>();
    private final Map<Pair, Channel> channels = new LinkedHashMap<>();
    private final List<List<NodeCounters>> counters = new ArrayList<>();

    public TaskWiring(OperatorGraph graph, Setting setting) {
        this.graph = graph;
        this.setting = setting;
        this.plan = new ChainPlan(graph);
        int placement = 0;
        for (Node root : plan.roots()) {
            for (int index = 0; index < root.parallelism(); index++) {
                slots.add(new Slot(root.id(), index, placement++));
            }
        }
        for (Node node : graph.nodes()) {
            List<NodeCounters> ofNode = new ArrayList<>();
            for (int index = 0; index < node.parallelism(); index++) {
                ofNode.add(new NodeCounters());
            }
            counters.add(ofNode);
        }
    }

    /** The tasks to be, sources before their readers. Tasks of one root have placements one after another. */
    public List<Slot> slots() {
        return slots;
    }

    /** The nodes that one slot's task has, by id. */
    public List<Node> nodesOf(Slot slot) {
        return plan.rootFirst(slot.root()).reversed();
    }

    /** Takes the operator of a node's task, and its state. */
    public void addOperator(int node, int index, Operator operator, TaskState state) {
        boolean polled = graph.nodes().get(node).inputs().isEmpty();
        if (polled != operator instanceof SourceOperator) {
            new Opened(operator, state).close();
            throw MillraceException.internal(
                    "expected "
                            + (polled ? "a source" : "no source")
                            + " at node "
                            + node
                            + ", found "
                            + operator.getClass().getName());
        }
        operators.put(new Place(node, index), new Opened(operator, state));
    }

    /** By node and by task. */
    public List<List<NodeCounters>> counters() {
        return counters;
    }

    /**
     * The tasks, in the order of the slots; they own the operators now.
     *
     * @param allocators by slot, for what the exchanges gather
     */
    public List<Task> connect(List<Allocator> allocators) {
        List<Task> tasks = new ArrayList<>();
        for (int i = 0; i < slots.size(); i++) {
            Slot slot = slots.get(i);
            Task task = task(slot, allocators.get(i));
            taskOfRoot.put(new Place(slot.root(), slot.index()), task);
            tasks.add(task);
        }
        introduceNeighbours();
        operators.clear();
        return tasks;
    }

    /** Gives up the operators that no task has taken, after something failed before {@link #connect}. */
    public List<AutoCloseable> takeOperators() {
        List<AutoCloseable> taken = List.copyOf(operators.values());
        operators.clear();
        return taken;
    }

    /** Releases what lies in the channels between tasks, once all have stopped. */
    public void releaseChannels() {
        channels.values().forEach(Channel::release);
    }

    private Task task(Slot slot, Allocator allocator) {
        List<Node> members = plan.rootFirst(slot.root());
        int sources = (int) members.stream().filter(node -> node.inputs().isEmpty()).count();
        EpochPort port = new EpochPort(sources);
        EdgeWriter[] writers = writersOf(members.getFirst(), slot.index(), allocator);
        List<TaskNode> nodes = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (Node node : members) {
            boolean isSource = node.inputs().isEmpty();
            Queue<EpochMarker> markers = isSource ? port.inbox(--sources) : null;
            Opened opened = operators.get(new Place(node.id(), slot.index()));
            nodes.add(
                    new TaskNode(
                            new TaskNode.Part(
                                    node.id(),
                                    slot.index(),
                                    opened.operator(),
                                    opened.state(),
                                    setting.owner().snapshots(),
                                    setting.clock()),
                            isSource ? null : inputsOf(node, slot.index()),
                            markers,
                            outputOf(node, slot.index(), writers),
                            counters.get(node.id()).get(slot.index())));
            name.insert(0, node.spec().name() + '#' + node.id() + (name.isEmpty() ? "" : "+"));
        }
        name.append('[').append(slot.index()).append(']');
        return new Task(name.toString(), slot.index(), nodes, writers, port, setting);
    }

    private NodeOutput outputOf(Node node, int index, EdgeWriter[] writers) {
        NodeCounters ofNode = counters.get(node.id()).get(index);
        if (!plan.isChained(node.id())) {
            return NodeOutput.toEdges(writers, ofNode);
        }
        ChainPlan.Link link = plan.readersOf(node.id()).getFirst();
        return NodeOutput.toNext(channel(link, index, index), ofNode);
    }

    private Inputs inputsOf(Node node, int index) {
        List<InputChannel> into = new ArrayList<>();
        for (ChainPlan.Link link : plan.inputsOf(node)) {
            boolean forward = link.edge().partitioning() instanceof Partitioning.Forward;
            int first = forward ? index : 0;
            int end = forward ? index + 1 : link.from().parallelism();
            for (int upstream = first; upstream < end; upstream++) {
                into.add(new InputChannel(channel(link, upstream, index), link.edge().input()));
            }
        }
        return setting.parts().inputs(into);
    }

    private EdgeWriter[] writersOf(Node root, int index, Allocator allocator) {
        List<EdgeWriter> writers = new ArrayList<>();
        for (ChainPlan.Link link : plan.readersOf(root.id())) {
            writers.add(writer(link, index, allocator));
        }
        return writers.toArray(EdgeWriter[]::new);
    }

    private EdgeWriter writer(ChainPlan.Link link, int index, Allocator allocator) {
        Partitioning partitioning = link.edge().partitioning();
        if (partitioning instanceof Partitioning.Forward) {
            return EdgeWriter.toFirst(new Sender[] {setting.parts().sender(channel(link, index, index))});
        }
        Sender[] senders = new Sender[link.to().parallelism()];
        for (int reader = 0; reader < senders.length; reader++) {
            senders[reader] = setting.parts().sender(channel(link, index, reader));
        }
        if (senders.length == 1) {
            return EdgeWriter.toFirst(senders);
        }
        return switch (partitioning) {
            case Partitioning.Forward forward -> throw new AssertionError(forward);
            case Partitioning.Gather gather -> EdgeWriter.toFirst(senders);
            case Partitioning.RoundRobin roundRobin -> EdgeWriter.inTurn(senders);
            case Partitioning.Broadcast broadcast -> EdgeWriter.toAll(senders);
            case Partitioning.Hash hash ->
                    hash.columns().isEmpty()
                            ? EdgeWriter.toFirst(senders)
                            : setting.parts()
                                    .hashWriter(
                                            senders,
                                            new TaskParts.HashSettings(
                                                    hash.columns().stream().mapToInt(Integer::intValue).toArray(),
                                                    setting.keyGroups(),
                                                    setting.batchRows()),
                                            link.from().spec().outputSchema(),
                                            allocator);
        };
    }

    private Channel channel(ChainPlan.Link link, int from, int to) {
        return channels.computeIfAbsent(
                new Pair(link, from, to),
                pair ->
                        plan.isChained(link.from().id())
                                ? Channel.local()
                                : Channel.ring(setting.ringCapacityBatches()));
    }

    private void introduceNeighbours() {
        for (Pair pair : channels.keySet()) {
            Task from = taskOf(pair.link().from().id(), pair.from());
            Task to = taskOf(pair.link().to().id(), pair.to());
            if (from != to) {
                addOnce(from.neighbours(), to);
                addOnce(to.neighbours(), from);
            }
        }
    }

    private static void addOnce(List<Task> neighbours, Task task) {
        if (!neighbours.contains(task)) {
            neighbours.add(task);
        }
    }

    private Task taskOf(int node, int index) {
        return taskOfRoot.get(new Place(plan.rootOf(node), index));
    }
}
