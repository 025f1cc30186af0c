/**
 * HDFS for real: a name node and a data node in this process, reached by the address that users write. Read {@link
 * io.millrace.it.hdfs.HdfsIT} first; it runs with {@code mvn verify}, without root and without anything installed.
 *
 * <p>What a process leaves that is killed is shown with a process of its own.
 */
package io.millrace.it.hdfs;
