/**
 * Checkpoints on real disks that fail: power loss, a full disk, an fsync that is refused, a process killed between any
 * two steps. Read {@link io.millrace.it.power.StoreWriter}, the program whose store is looked at afterwards.
 *
 * <p>The disks are loop devices that a test makes and takes away again; that needs root, so those tests are of the
 * profile it-system.
 */
package io.millrace.it.power;
