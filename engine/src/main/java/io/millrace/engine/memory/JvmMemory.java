package io.millrace.engine.memory;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;

/**
 * What the virtual machine has taken for itself.
 *
 * @param heapUsedBytes objects, dead ones that were not collected included
 * @param heapCommittedBytes what of the heap is, or has been, in use
 * @param metaspaceBytes classes
 * @param codeBytes compiled code
 * @param directBytes direct buffers of NIO
 */
public record JvmMemory(
        long heapUsedBytes, long heapCommittedBytes, long metaspaceBytes, long codeBytes, long directBytes) {
    /** Of this process, now. Takes some milliseconds the first time. */
    public static JvmMemory now() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        long metaspace = 0;
        long code = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            // The class space is a part of the metaspace; code is one pool or three.
            if (pool.getName().equals("Metaspace")) {
                metaspace += pool.getUsage().getCommitted();
            } else if (pool.getName().startsWith("Code")) {
                code += pool.getUsage().getCommitted();
            }
        }
        long direct = 0;
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            if (pool.getName().equals("direct")) {
                direct += pool.getMemoryUsed();
            }
        }
        return new JvmMemory(heap.getUsed(), heap.getCommitted(), metaspace, code, direct);
    }
}
