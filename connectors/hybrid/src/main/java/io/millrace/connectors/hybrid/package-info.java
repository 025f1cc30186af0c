/**
 * One table over history and a live topic, with a cut between the two that loses and repeats no row.
 *
 * <p>Read {@link io.millrace.connectors.hybrid.HybridRun} first: it is the state machine that all readers share.
 *
 * <pre>
 *   MEASURING   history's handover columns are read once: how far it reaches, in offsets or event time
 *   CUTTING     the cut is found, and the topic asked whether it reaches back to it            (I/O thread)
 *   REMEMBERING of an execution that goes on within the band: the ids of history's last rows are read again
 *   HISTORY     history is read; its watermark is held at C = its greatest event time - the declared delay;
 *               the topic is asked again each second, so that retention passing the cut fails early
 *   STARTING    the live stage is begun at the cut                                              (I/O thread)
 *   LIVE        the topic is read; each partition holds C until it is past its cut, or is idle
 * </pre>
 *
 * <p>Ways to cut, the strongest first: by the offsets that history's rows carry (exact); by event id over a band of
 * event time in which history and topic overlap (exact when the band is wide enough); by event time alone (not exact).
 */
package io.millrace.connectors.hybrid;
