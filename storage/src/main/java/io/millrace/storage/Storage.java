package io.millrace.storage;

import java.nio.file.Path;
import java.util.List;

/**
 * Where files lie. Thread-safe; every method may block. Errors are FILE_NOT_FOUND, PERMISSION_DENIED, ALREADY_EXISTS,
 * DISK_FULL, or IO_FAILED for the rest, and name the file.
 */
public interface Storage {
    /** The storage of a location. */
    static Storage at(String location) {
        return isLocal(location) ? LocalStorage.INSTANCE : HadoopStorage.at(location);
    }

    /** Whether a location is on local disk. */
    static boolean isLocal(String location) {
        int colon = location.indexOf(':');
        // A scheme has at least two letters: one is a drive.
        return colon < 2
                || !location.substring(0, colon).matches("[a-zA-Z][a-zA-Z0-9+.-]+")
                || location.startsWith("file:");
    }

    /**
     * The files that a location names, in the order of their names: a file itself, all files below a directory, or
     * those that match a glob ({@code * ? [ab] {a,b} **}). Names that begin with a dot or an underscore are passed
     * over, unless spelled out. FILE_NOT_FOUND, naming the nearest name there is, when there is none.
     */
    List<StoredFile> list(String location);

    /** All files that lie in a directory itself, hidden ones too; none when there is no such directory. */
    List<StoredFile> listAll(String directory);

    /** The file as it is now. */
    StoredFile look(String location);

    boolean exists(String location);

    /** Whether somebody is known to have the file open for writing; false where the storage cannot tell. */
    default boolean isBeingWritten(String location) {
        return false;
    }

    /** Opens a file for reading. */
    ReadableFile open(String location);

    /** Creates a file, and the directories above it; ALREADY_EXISTS when there is one. */
    WritableFile create(String location);

    /**
     * Gives a finished file its final name, atomically; ALREADY_EXISTS, with nothing changed, when that is taken. When
     * it returns the name survives a crash of the machine.
     */
    void publish(String from, String to);

    /**
     * Gives a file that will never change a second name on this machine; false where that cannot be. Neither name is
     * sure to survive a crash of the machine.
     *
     * @param to where nothing is
     */
    default boolean tryLinkTo(String location, Path to) {
        return false;
    }

    /** As {@link #tryLinkTo}, the other way round: a local file gets its second name here. */
    default boolean tryLinkFrom(Path from, String location) {
        return false;
    }

    /** Where a location is on this machine; null where only a storage of its own reaches it. */
    default Path localPath(String location) {
        return null;
    }

    /** Deletes a file; nothing happens when there is none. */
    void delete(String location);

    /** Deletes a directory and all below it; nothing happens when there is none. */
    void deleteTree(String location);

    /** Creates a directory and those above it, for good; nothing happens when it is there. */
    void createDirectories(String location);

    /** Returns when the names made in the directory, and those removed from it, survive a crash of the machine. */
    void syncDirectory(String location);

    /** A name below a location. */
    default String resolve(String location, String name) {
        return location.endsWith("/") ? location + name : location + "/" + name;
    }
}
