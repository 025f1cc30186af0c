/**
 * What can be set: the engine's configuration, and the settings of a session.
 *
 * <p>Read {@link io.millrace.engine.config.Setting} for the keys, {@link io.millrace.engine.config.SessionSettings} for
 * their values, and {@link io.millrace.engine.config.MillraceConfig} for what is fixed when an engine is opened. A
 * setting is one constant of {@code Setting} and one accessor.
 */
package io.millrace.engine.config;
