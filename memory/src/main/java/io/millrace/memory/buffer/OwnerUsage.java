package io.millrace.memory.buffer;

import java.util.List;

/**
 * What one owner held when it was looked at. Immutable.
 *
 * @param heldBytes of it and of those under it
 * @param children owners under it that were open, the greatest first
 */
public record OwnerUsage(String owner, long heldBytes, List<OwnerUsage> children) {
    public OwnerUsage {
        children = List.copyOf(children);
    }

    /** Bytes that it holds itself. */
    public long ownBytes() {
        long under = 0;
        for (OwnerUsage child : children) {
            under += child.heldBytes();
        }
        return Math.max(0, heldBytes - under);
    }
}
