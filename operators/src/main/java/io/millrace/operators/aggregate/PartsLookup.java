package io.millrace.operators.aggregate;

import io.millrace.memory.buffer.Allocator;
import io.millrace.memory.buffer.Mem;
import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import io.millrace.state.table.KeptTable;
import io.millrace.state.table.RowList;
import io.millrace.state.tier.TableTier;
import io.millrace.state.tier.TierLookup;

/**
 * Makes the changed groups of a table whole that may have parts in a tier. They are first dealt by the upper bits of
 * their hashes, so that the tier is read once from its beginning to its end, however many steps that takes. One thread,
 * which does a little in each step.
 */
final class PartsLookup implements AutoCloseable {
    private static final int PREFIX_BITS = 8;
    private static final int PREFIXES = 1 << PREFIX_BITS;
    private static final int ROWS_A_STEP = 1 << 13;

    /** Looked up at once even when memory is spent: a few pages. */
    private static final int LEAST_AT_ONCE = 64;

    private final GroupTable groups;
    private final TableTier tier;
    private final RowList parts;
    private final RowList dealt;
    private final int[] ends = new int[PREFIXES];
    private int listed;
    private boolean allListed;
    private int dealing;

    /** The prefix from which on groups are looked up next, and where the first of them is. */
    private int prefix;

    private int start;
    private int count;

    /** As many as there was room for. */
    private int atMost = Integer.MAX_VALUE;

    private TierLookup lookup;

    PartsLookup(Allocator allocator, GroupTable groups, TableTier tier) {
        this.groups = groups;
        this.tier = tier;
        this.parts = new RowList(allocator, 64);
        try {
            this.dealt = new RowList(allocator, 64);
        } catch (RuntimeException failure) {
            parts.close();
            throw failure;
        }
    }

    /** Goes on a little. */
    Emission.Progress step() {
        if (!allListed) {
            list();
            return Emission.Progress.MORE;
        }
        if (dealing < parts.size()) {
            deal();
            return Emission.Progress.MORE;
        }
        if (lookup != null) {
            if (!lookup.isDone()) {
                return Emission.Progress.WAITING;
            }
            if (lookup.isShort()) {
                lookUpFewer();
            } else {
                groups.absorb(lookup, dealt.address() + Long.BYTES * start, count);
                start += count;
                atMost = Math.min(2 * atMost, tier.keysAtOnce());
            }
            endLookup();
        }
        return lookUpNext() ? Emission.Progress.WAITING : Emission.Progress.DONE;
    }

    private static int prefixOf(KeptTable table, long row) {
        return (int) (table.keyHash(row) >>> Long.SIZE - PREFIX_BITS);
    }

    private void list() {
        KeptTable table = groups.table();
        int before = parts.size();
        int next = groups.listParts(listed, ROWS_A_STEP, parts);
        allListed = next == listed;
        listed = next;
        for (int i = before; i < parts.size(); i++) {
            ends[prefixOf(table, parts.get(i))]++;
        }
        if (allListed && parts.size() > 0) {
            dealt.setSize(parts.size());
            int begin = 0;
            for (int i = 0; i < PREFIXES; i++) {
                int rows = ends[i];
                ends[i] = begin;
                begin += rows;
            }
        }
    }

    private void deal() {
        KeptTable table = groups.table();
        int end = Math.min(parts.size(), dealing + ROWS_A_STEP);
        long to = dealt.address();
        for (; dealing < end; dealing++) {
            long row = parts.get(dealing);
            Mem.putLong(to + Long.BYTES * ends[prefixOf(table, row)]++, row);
        }
    }

    /** Looks up the groups of the next prefixes, or some of one; false when there are no more. */
    private boolean lookUpNext() {
        while (lookup == null && start < dealt.size()) {
            atMost = Math.min(atMost, tier.keysAtOnce());
            int end = start;
            while (prefix < PREFIXES && ends[prefix] - start <= atMost) {
                end = ends[prefix++];
            }
            if (end == start) {
                end = Math.min(start + atMost, dealt.size());
            }
            count = end - start;
            try {
                lookup = tier.lookup(groups, dealt.address() + Long.BYTES * start, count);
            } catch (MillraceException failure) {
                if (failure.code() != ErrorCode.OUT_OF_MEMORY || count <= LEAST_AT_ONCE) {
                    throw failure;
                }
                lookUpFewer();
            }
        }
        return lookup != null;
    }

    /** There was no room to look up so many at once. */
    private void lookUpFewer() {
        if (count <= LEAST_AT_ONCE) {
            throw new MillraceException(
                    ErrorCode.OUT_OF_MEMORY, "no memory is left to look up " + count + " groups on disk");
        }
        atMost = Math.max(LEAST_AT_ONCE, count / 2);
    }

    private void endLookup() {
        if (lookup != null) {
            lookup.close();
            lookup = null;
        }
    }

    @Override
    public void close() {
        endLookup();
        parts.close();
        dealt.close();
    }
}
