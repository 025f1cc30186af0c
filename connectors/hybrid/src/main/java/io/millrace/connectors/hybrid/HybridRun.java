package io.millrace.connectors.hybrid;

import io.millrace.connectors.api.HandoverReport;
import io.millrace.connectors.api.IoTask;
import io.millrace.connectors.api.IoThreads;
import io.millrace.connectors.api.ReaderContext;
import io.millrace.connectors.api.ReplayableTopic.PartitionRange;
import io.millrace.connectors.api.ScanRequest;
import io.millrace.connectors.api.SourceProgress;
import io.millrace.connectors.api.SourceReader;
import io.millrace.connectors.api.SourceRun;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One execution of a hybrid table: the phases that its readers go through together. Thread-safe; what may block runs on
 * an I/O thread.
 */
final class HybridRun implements SourceRun {
    private static final Logger LOG = LoggerFactory.getLogger(HybridRun.class);

    /** Where the run is. */
    enum Phase {
        /** History's handover columns are being read. */
        MEASURING,
        /** Of an execution that goes on: the ids of history's last rows are being read again. */
        REMEMBERING,
        /** The cut is being found and the topic asked. */
        CUTTING,
        /** History is being read. */
        HISTORY,
        /** The topic is being opened at the cut. */
        STARTING,
        /** The topic is being read. */
        LIVE
    }

    private final HybridSource source;
    private final ScanRequest request;
    private final StageColumns columns;
    private final HandoverState restored;
    private final HistoryReach reach = new HistoryReach();
    private final EventIds ids;
    private final Map<Integer, PartitionRange> pinned = new TreeMap<>();
    private final Map<Integer, Long> cut = new TreeMap<>();
    private final List<HandoverReport.Gap> gaps = new ArrayList<>();
    private final Set<Integer> withoutOverlap = new HashSet<>();
    private final AtomicLong historyRows = new AtomicLong();
    private final AtomicLong liveRows = new AtomicLong();
    private final AtomicLong duplicates = new AtomicLong();
    private final AtomicLong lastHistoryNanos = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong firstLiveNanos = new AtomicLong(Long.MIN_VALUE);
    private volatile Phase phase = Phase.MEASURING;
    private volatile IoTask<Phase> step;
    private volatile long heldMicros = Long.MIN_VALUE;
    private volatile long bandStartMicros = Long.MIN_VALUE;
    private volatile boolean inexact;
    private volatile byte[] pins;
    private int readersInPhase;
    private int partitionsInBand;
    private boolean drainWanted;
    private boolean gapChecked;
    private SourceRun stage;
    private long historyBytes;

    HybridRun(HybridSource source, ScanRequest request) {
        this.source = source;
        this.request = request;
        this.columns = new StageColumns(source, request);
        this.ids = new EventIds(columns.idIsLong());
        this.restored = HandoverState.of(request.restored());
        if (restored.facts != null) {
            goOn(restored.facts);
            return;
        }
        // Pinned before history is looked at: what history holds was in the topic before these ends.
        source.live().partitions().forEach(range -> pinned.put(range.partition(), range));
        this.stage =
                source.history().start(new ScanRequest(columns.measure(), List.of(), null, request.readerCount(), 0));
    }

    /** Takes up what an earlier execution had found, and asks the topic again. Blocks. */
    private void goOn(HandoverState.Facts facts) {
        facts.pinned().forEach(range -> pinned.put(range.partition(), range));
        cut.putAll(facts.cut());
        gaps.addAll(facts.gaps());
        withoutOverlap.addAll(facts.withoutOverlap());
        inexact = facts.inexact();
        heldMicros = facts.heldMicros();
        bandStartMicros = facts.bandStartMicros();
        reach.merge(facts.reach());
        gapChecked = true;
        pins = restored.pins;
        historyRows.set(restored.historyRows);
        liveRows.set(restored.liveRows);
        duplicates.set(restored.duplicates);
        phase = Phase.STARTING;
        if (!restored.live) {
            checkGap();
        }
        boolean inBand = pinned.keySet().stream().anyMatch(p -> !startsPastBand(p));
        if (inBand && source.handover() instanceof Handover.ByEventId) {
            stage =
                    source.history()
                            .start(
                                    new ScanRequest(
                                            columns.history(),
                                            columns.fromTimeOn(bandStartMicros),
                                            null,
                                            request.readerCount(),
                                            0,
                                            List.of(pins)));
            phase = Phase.REMEMBERING;
        } else {
            goOnReading();
        }
        LOG.info("{}: goes on in {} from a checkpoint, cut {}", source.tableName(), phase, cut);
    }

    private Phase goOnReading() {
        return restored.live ? startLive() : startHistory();
    }

    /** A reader has read its share of the ids. */
    synchronized void remembered(IoThreads io) {
        if (++readersInPhase == request.readerCount()) {
            readersInPhase = 0;
            phase = Phase.STARTING;
            step = io.submit("go on with " + source.tableName(), this::goOnReading);
        }
    }

    HandoverState restored() {
        return restored;
    }

    /** What history's first reader states before it has read. */
    void pin(byte[] state) {
        pins = state;
    }

    byte[] pins() {
        return pins;
    }

    /** What all readers state of the cut; null before it is known. */
    synchronized HandoverState.Facts facts() {
        if (phase == Phase.MEASURING || phase == Phase.CUTTING) {
            return null;
        }
        return new HandoverState.Facts(
                List.copyOf(pinned.values()),
                Map.copyOf(cut),
                List.copyOf(gaps),
                Set.copyOf(withoutOverlap),
                inexact,
                heldMicros,
                bandStartMicros,
                reach);
    }

    /** Whether no partition is within its band any more. */
    synchronized boolean isPastBand() {
        return phase == Phase.LIVE && partitionsInBand <= 0;
    }

    @Override
    public SourceReader open(int readerIndex, ReaderContext context) {
        return new HybridReader(this, readerIndex, context);
    }

    HybridSource source() {
        return source;
    }

    StageColumns columns() {
        return columns;
    }

    EventIds ids() {
        return ids;
    }

    /** The phase; fails with what ended the step between two phases. */
    Phase phase() {
        IoTask<Phase> running = step;
        if (running != null && running.isDone()) {
            running.result();
        }
        return phase;
    }

    synchronized SourceReader openStage(int readerIndex, ReaderContext context) {
        return stage.open(readerIndex, context);
    }

    /** A reader has measured its share; the last one has the cut found. */
    synchronized void measured(HistoryReach share, IoThreads io) {
        reach.merge(share);
        if (++readersInPhase == request.readerCount()) {
            readersInPhase = 0;
            phase = Phase.CUTTING;
            step = io.submit("find the cut of " + source.tableName(), this::findCut);
        }
    }

    private Phase findCut() {
        long delay = request.eventTime() == null ? 0 : request.eventTime().delayMicros();
        boolean timed = reach.greatestMicros() != Long.MIN_VALUE;
        if (timed) {
            heldMicros = reach.greatestMicros() - delay;
        }
        Map<Integer, Long> found = new HashMap<>();
        switch (source.handover()) {
            case Handover.ByOffset unused -> pinned.keySet().forEach(p -> found.put(p, reach.nextOffset(p)));
            case Handover.ByEventId byId -> found.putAll(offsetsBeforeEnd(timed, byId.overlapMicros()));
            case Handover.ByEventTime byTime -> found.putAll(offsetsBeforeEnd(timed, byTime.toleranceMicros()));
        }
        synchronized (this) {
            cut.putAll(found);
            stage.close();
        }
        checkGap();
        LOG.info(
                "{}: history reaches {} us, cut by {} at {}",
                source.tableName(),
                reach.greatestMicros(),
                source.handover().by(),
                cut);
        return startHistory();
    }

    private Phase startHistory() {
        List<byte[]> before = new ArrayList<>(restored.history);
        if (restored.facts != null && pins != null) {
            before.addFirst(pins);
        }
        SourceRun history =
                source.history()
                        .start(
                                new ScanRequest(
                                        columns.history(),
                                        source.map(request.predicates(), true),
                                        request.eventTime(),
                                        request.readerCount(),
                                        0,
                                        before));
        synchronized (this) {
            closeStage();
            gapChecked = true;
            stage = history;
            phase = Phase.HISTORY;
        }
        return Phase.HISTORY;
    }

    private void closeStage() {
        if (stage != null) {
            stage.close();
        }
    }

    private Map<Integer, Long> offsetsBeforeEnd(boolean timed, long bandMicros) {
        if (!timed) {
            Map<Integer, Long> earliest = new HashMap<>();
            pinned.values().forEach(range -> earliest.put(range.partition(), range.earliestOffset()));
            return earliest;
        }
        bandStartMicros = reach.greatestMicros() - bandMicros;
        // A topic whose records are all later than history, and which has lost its first ones, may miss some in
        // between.
        Map<Integer, Long> after = source.live().offsetsAt(reach.greatestMicros() + 1);
        for (PartitionRange range : pinned.values()) {
            if (range.earliestOffset() > 0 && after.getOrDefault(range.partition(), 0L) <= range.earliestOffset()) {
                withoutOverlap.add(range.partition());
            }
        }
        Map<Integer, Long> starts = source.live().offsetsAt(bandStartMicros);
        requireOverlap(starts);
        return starts;
    }

    /** History's last rows must be in the topic, or nothing can be told from them: not beyond all its records. */
    private void requireOverlap(Map<Integer, Long> starts) {
        boolean holdsRecords = false;
        for (PartitionRange range : pinned.values()) {
            if (starts.getOrDefault(range.partition(), 0L) < range.endOffset()) {
                return;
            }
            holdsRecords |= range.earliestOffset() < range.endOffset();
        }
        if (!holdsRecords) {
            return;
        }
        inexact = true;
        if (!source.countsGaps()) {
            throw new MillraceException(
                            ErrorCode.HANDOVER_GAP,
                            "table "
                                    + source.tableName()
                                    + ": history's greatest event time is "
                                    + Instant.EPOCH.plus(reach.greatestMicros(), ChronoUnit.MICROS)
                                    + ", and no record of the topic is as late as that less the overlap")
                    .withHelp(
                            "Look for rows of history whose event time lies in the future; hand over by offset; or set"
                                    + " 'handover.on-gap' = 'count' to begin at the topic's end.");
        }
    }

    /**
     * Asks the topic whether it still reaches back to the cut. Blocks. Fails with HANDOVER_GAP, or notes the gap where
     * the table says to count.
     */
    Void checkGap() {
        List<HandoverReport.Gap> found = new ArrayList<>();
        for (PartitionRange range : source.live().partitions()) {
            requireSameTopic(range);
            long from = gapStart(range);
            if (from < range.earliestOffset()) {
                found.add(new HandoverReport.Gap(range.partition(), from, range.earliestOffset()));
            }
        }
        if (!found.isEmpty() && !source.countsGaps()) {
            StringBuilder text = new StringBuilder();
            found.forEach(gap ->
                    text.append(" partition ")
                            .append(gap.partition())
                            .append(" offsets ")
                            .append(gap.from())
                            .append(" to ")
                            .append(gap.to() - 1)
                            .append(';'));
            throw new MillraceException(
                            ErrorCode.HANDOVER_GAP,
                            "table "
                                    + source.tableName()
                                    + ": rows are in neither history nor the topic:"
                                    + text.substring(0, text.length() - 1))
                    .withHelp(
                            "Add them to history, lengthen the topic's retention, or set 'handover.on-gap' = 'count'.");
        }
        synchronized (this) {
            gaps.clear();
            gaps.addAll(found);
            for (HandoverReport.Gap gap : found) {
                cut.merge(gap.partition(), gap.to(), Math::max);
            }
        }
        return null;
    }

    /** The cut is in offsets of the topic that was pinned; those of another mean other records. */
    private synchronized void requireSameTopic(PartitionRange now) {
        PartitionRange before = pinned.get(now.partition());
        // A state of an early version does not know it.
        if (before != null && !before.topicId().isEmpty() && !before.topicId().equals(now.topicId())) {
            throw new MillraceException(
                            ErrorCode.CONTRACT_BROKEN,
                            "table "
                                    + source.tableName()
                                    + ": topic "
                                    + now.topic()
                                    + " was deleted and made anew: expected id="
                                    + before.topicId()
                                    + ", found id="
                                    + now.topicId())
                    .withHelp("The cut means other records now: begin anew, with another --state.");
        }
    }

    /** The first offset that must still be there; the earliest itself when nothing is known to be missing. */
    private synchronized long gapStart(PartitionRange range) {
        if (source.handover() instanceof Handover.ByOffset) {
            return pinned.containsKey(range.partition())
                    ? Math.max(reach.nextOffset(range.partition()), countedGapEnd(range.partition()))
                    : range.earliestOffset();
        }
        // By time the topic reaches back far enough when it still holds what it was to be read from, or all it ever
        // had.
        if (withoutOverlap.contains(range.partition())) {
            return 0;
        }
        Long from = cut.get(range.partition());
        return from == null ? range.earliestOffset() : from;
    }

    private long countedGapEnd(int partition) {
        return gaps.stream()
                .filter(gap -> gap.partition() == partition && gapChecked && phase != Phase.CUTTING)
                .mapToLong(HandoverReport.Gap::to)
                .max()
                .orElse(-1);
    }

    long heldMicros() {
        return heldMicros;
    }

    /** Event time from which on history's ids are kept; nothing before it is looked up. */
    long bandStartMicros() {
        return bandStartMicros;
    }

    long greatestHistoryMicros() {
        return reach.greatestMicros();
    }

    void historyEmitted(int rows, long nowNanos) {
        historyRows.addAndGet(rows);
        lastHistoryNanos.accumulateAndGet(nowNanos, Math::max);
    }

    /** A reader has read its share of history; the last one has the topic opened. */
    synchronized void historyRead(IoThreads io) {
        if (++readersInPhase == request.readerCount()) {
            readersInPhase = 0;
            phase = Phase.STARTING;
            step = io.submit("open the live stage of " + source.tableName(), this::startLive);
        }
    }

    private Phase startLive() {
        if (!restored.live) {
            checkGap();
        }
        Map<Integer, Long> offsets;
        synchronized (this) {
            historyBytes = stage == null ? 0 : stage.progress().bytesRead();
            closeStage();
            offsets = new HashMap<>(cut);
            for (PartitionRange range : pinned.values()) {
                partitionsInBand += startsPastBand(range.partition()) ? 0 : 1;
            }
        }
        SourceRun live =
                source.live()
                        .startAt(
                                new ScanRequest(
                                        columns.live(),
                                        source.map(request.predicates(), false),
                                        request.eventTime(),
                                        request.readerCount(),
                                        request.idleTimeoutNanos(),
                                        restored.topic),
                                offsets);
        synchronized (this) {
            stage = live;
            phase = Phase.LIVE;
            if (drainWanted) {
                live.drain();
            }
        }
        return Phase.LIVE;
    }

    /** Where a partition's band ends: rows from this offset on came after history was pinned. 0 for a new partition. */
    long bandEnd(int partition) {
        PartitionRange range = pinned.get(partition);
        return range == null ? 0 : range.endOffset();
    }

    /** Whether a partition has no band: it is read from its end on, or was read beyond it before. */
    synchronized boolean startsPastBand(int partition) {
        return restored.isPast(partition) || cut.getOrDefault(partition, 0L) >= bandEnd(partition);
    }

    synchronized void passedBand() {
        if (--partitionsInBand == 0) {
            ids.clear();
        }
    }

    /** Live rows that history held were dropped. */
    void duplicates(long rows) {
        duplicates.addAndGet(rows);
    }

    /** Rows of a partition's band went to {@code $bad}, for it cannot be told whether history holds them. */
    void undecided(int partition, long rows) {
        inexact = true;
        source.warn(
                "partition "
                        + partition
                        + ": it cannot be told whether history holds "
                        + rows
                        + " rows that are older than the overlap; they are in "
                        + source.tableName()
                        + "$bad, and a greater 'handover.overlap' would tell");
    }

    void liveEmitted(int rows, long nowNanos) {
        liveRows.addAndGet(rows);
        firstLiveNanos.compareAndSet(Long.MIN_VALUE, nowNanos);
    }

    @Override
    public synchronized void drain() {
        drainWanted = true;
        if (phase == Phase.LIVE) {
            stage.drain();
        }
    }

    @Override
    public synchronized SourceProgress progress() {
        SourceProgress now = stage.progress();
        boolean live = phase == Phase.LIVE;
        long bytes = live ? historyBytes + now.bytesRead() : now.bytesRead();
        return new SourceProgress(
                historyRows.get() + liveRows.get(),
                live ? -1 : source.history().estimatedRows().orElse(-1),
                bytes,
                live ? now.lagRows() : -1,
                live);
    }

    @Override
    public synchronized Optional<HandoverReport> handover() {
        List<HandoverReport.Cut> cuts = new ArrayList<>();
        cut.forEach((partition, offset) -> {
            PartitionRange range = pinned.get(partition);
            cuts.add(new HandoverReport.Cut(range == null ? "" : range.topic(), partition, offset, heldMicros));
        });
        long first = firstLiveNanos.get();
        long last = lastHistoryNanos.get();
        boolean both = first != Long.MIN_VALUE && last != Long.MIN_VALUE;
        return Optional.of(
                new HandoverReport(
                        source.handover().by(),
                        source.handover().exact() && !inexact,
                        phase == Phase.LIVE,
                        cuts,
                        historyRows.get(),
                        liveRows.get(),
                        duplicates.get(),
                        gapChecked,
                        gaps,
                        both ? Math.max(0, (first - last) / 1_000) : -1));
    }

    @Override
    public synchronized void close() {
        closeStage();
    }
}
