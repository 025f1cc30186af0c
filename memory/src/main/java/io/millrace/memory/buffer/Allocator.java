package io.millrace.memory.buffer;

import io.millrace.memory.error.ErrorCode;
import io.millrace.memory.error.MillraceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out buffers to one named owner and knows what is still out. Owners form a tree under one root; all share the
 * root's budget and pool. Closing an allocator whose buffers are still held is an INTERNAL error that names the owner
 * and, with {@code -Dmillrace.memory.trace=true}, where each was allocated. Thread-safe.
 */
public final class Allocator implements AutoCloseable {
    private static final boolean TRACE = Boolean.getBoolean("millrace.memory.trace");

    private final String owner;
    private final Allocator parent;
    private final MemoryBudget budget;
    private final BufferPool pool;
    private final AtomicLong heldBytes = new AtomicLong();
    private final Set<Allocator> children = ConcurrentHashMap.newKeySet();
    private final Map<Buffer, Throwable> origins = TRACE ? new ConcurrentHashMap<>() : null;
    private AllocationFault fault = AllocationFault.NONE;

    private Allocator(String owner, Allocator parent, MemoryBudget budget, BufferPool pool) {
        this.owner = owner;
        this.parent = parent;
        this.budget = budget;
        this.pool = pool;
    }

    /** Decides whether an allocation fails; how tests reach every path behind a spent budget. */
    @FunctionalInterface
    public interface AllocationFault {
        AllocationFault NONE = (owner, bytes) -> false;

        /** True to refuse this allocation. */
        boolean refuses(String owner, long bytes);
    }

    /** A root with a budget and pool of its own. */
    public static Allocator root(MemoryBudget budget) {
        return new Allocator("root", null, budget, new BufferPool(budget));
    }

    /** A root over {@code limitBytes}. */
    public static Allocator root(long limitBytes) {
        return root(new MemoryBudget(limitBytes));
    }

    /** An owner under this one, sharing its budget. */
    public Allocator child(String childOwner) {
        Allocator child = new Allocator(childOwner, this, budget, pool);
        child.fault = fault;
        children.add(child);
        return child;
    }

    /** Makes later allocations, also of children made later, ask {@code newFault} first. */
    public void injectFault(AllocationFault newFault) {
        fault = newFault;
    }

    /**
     * A buffer of at least this size, contents undefined; yours to release. Fails with OUT_OF_MEMORY over the budget.
     */
    public Buffer allocate(MemoryTag tag, long capacityBytes) {
        Buffer buffer = tryAllocate(tag, capacityBytes);
        if (buffer == null) {
            throw new MillraceException(
                            ErrorCode.OUT_OF_MEMORY,
                            "memory budget spent: owner="
                                    + owner
                                    + " tag="
                                    + tag
                                    + " wantedBytes="
                                    + capacityBytes
                                    + " usedBytes="
                                    + budget.usedBytes()
                                    + " limitBytes="
                                    + budget.limitBytes())
                    .withHelp("Raise --memory, or make the query keep less. In use: " + budget.usageByTag());
        }
        return buffer;
    }

    /** As {@link #allocate}, with every byte zero. */
    public Buffer allocateZeroed(MemoryTag tag, long capacityBytes) {
        Buffer buffer = allocate(tag, capacityBytes);
        Mem.fill(buffer.address(), buffer.capacityBytes(), (byte) 0);
        return buffer;
    }

    /** A buffer, or null when the budget is spent. */
    public Buffer tryAllocate(MemoryTag tag, long capacityBytes) {
        if (capacityBytes < 0) {
            throw MillraceException.internal("expected capacityBytes >= 0, found " + capacityBytes + " owner=" + owner);
        }
        if (fault != AllocationFault.NONE && fault.refuses(owner, capacityBytes)) {
            return null;
        }
        MemoryBlock block = pool.tryTake(tag, capacityBytes);
        if (block == null) {
            return null;
        }
        Buffer buffer = new Buffer(this, tag, block);
        for (Allocator a = this; a != null; a = a.parent) {
            a.heldBytes.addAndGet(block.rawBytes());
        }
        if (TRACE) {
            origins.put(buffer, new Throwable("allocated by " + owner));
        }
        return buffer;
    }

    void free(Buffer buffer, MemoryTag tag, MemoryBlock block) {
        if (TRACE) {
            origins.remove(buffer);
        }
        for (Allocator a = this; a != null; a = a.parent) {
            a.heldBytes.addAndGet(-block.rawBytes());
        }
        pool.give(tag, block);
    }

    public String owner() {
        return owner;
    }

    /** Bytes held by this owner and those under it. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /**
     * What this owner and those under it hold, the greatest first; owners that were closed are not in it. Looked at
     * while others allocate, so parts may add up to a little more or less than the whole.
     */
    public OwnerUsage usage() {
        List<OwnerUsage> parts = new ArrayList<>();
        children.forEach(child -> parts.add(child.usage()));
        parts.sort(Comparator.comparingLong(OwnerUsage::heldBytes).reversed().thenComparing(OwnerUsage::owner));
        return new OwnerUsage(owner, heldBytes(), parts);
    }

    public MemoryBudget budget() {
        return budget;
    }

    /** Fails with INTERNAL when anything handed out is still held; a root also gives its pool back. */
    @Override
    public void close() {
        long leaked = heldBytes.get();
        if (parent == null) {
            pool.close();
        } else {
            parent.children.remove(this);
        }
        if (leaked != 0) {
            MillraceException leak =
                    MillraceException.internal(
                            "memory leaked: owner="
                                    + owner
                                    + " bytes="
                                    + leaked
                                    + (TRACE ? "" : " (-Dmillrace.memory.trace=true shows where it was allocated)"));
            if (TRACE) {
                origins.values().forEach(leak::addSuppressed);
            }
            throw leak;
        }
    }
}
