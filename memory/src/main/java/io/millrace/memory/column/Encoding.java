package io.millrace.memory.column;

/** How the rows of a column map to its values. */
public enum Encoding {
    /** One value a row. */
    FLAT,
    /** One value for all rows. */
    CONSTANT,
    /** One index a row into a dictionary that other columns may share. */
    DICTIONARY
}
