/** Reading a connector's source: event time, watermarks, idleness. Read {@link io.millrace.operators.scan.ScanSpec}. */
package io.millrace.operators.scan;
