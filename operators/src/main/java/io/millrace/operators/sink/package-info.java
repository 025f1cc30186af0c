/** Writing to a connector's sink, views included. Read {@link io.millrace.operators.sink.SinkSpec}. */
package io.millrace.operators.sink;
