package io.millrace.memory.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.memory.error.MillraceException;
import org.junit.jupiter.api.Test;

class AllocatorUsageTest {
    @Test
    void tellsWhatEachOpenOwnerHoldsTheGreatestFirst() {
        try (Allocator root = Allocator.root(1 << 20);
                Allocator job = root.child("job");
                Allocator small = job.child("task 0");
                Allocator large = job.child("task 1")) {
            Buffer ofSmall = small.allocate(MemoryTag.STATE, 100);
            Buffer ofLarge = large.allocate(MemoryTag.STATE, 10_000);
            Buffer ofJob = job.allocate(MemoryTag.BATCH, 1_000);
            OwnerUsage usage = root.usage();
            assertThat(usage.owner()).isEqualTo("root");
            assertThat(usage.heldBytes()).isEqualTo(root.budget().usedBytes()).isPositive();
            assertThat(usage.ownBytes()).isZero();
            OwnerUsage ofTheJob = usage.children().getFirst();
            assertThat(ofTheJob.owner()).isEqualTo("job");
            assertThat(ofTheJob.ownBytes()).isBetween(1_000L, 4_000L);
            assertThat(ofTheJob.children()).extracting(OwnerUsage::owner).containsExactly("task 1", "task 0");
            assertThat(ofTheJob.children())
                    .extracting(OwnerUsage::heldBytes)
                    .containsExactly(large.heldBytes(), small.heldBytes());
            ofSmall.release();
            ofLarge.release();
            ofJob.release();
        }
    }

    @Test
    void forgetsOwnersThatWereClosedAlsoWhenTheyLeaked() {
        try (Allocator root = Allocator.root(1 << 20)) {
            for (int i = 0; i < 1_000; i++) {
                root.child("job " + i).close();
            }
            assertThat(root.usage().children()).isEmpty();

            Allocator leaking = root.child("leaking");
            Buffer leaked = leaking.allocate(MemoryTag.STATE, 64);
            assertThatThrownBy(leaking::close).isInstanceOf(MillraceException.class).hasMessageContaining("leaking");
            assertThat(root.usage().children()).isEmpty();
            assertThat(root.usage().ownBytes()).isEqualTo(root.heldBytes()).isPositive();
            leaked.release();
            leaking.close();
        }
    }
}
