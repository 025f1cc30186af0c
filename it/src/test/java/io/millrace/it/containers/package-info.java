/**
 * Millrace and what it works with in containers of their own, joined by a network that can be cut. The images are those
 * of {@code docker/build}.
 *
 * <p>{@link io.millrace.it.containers.ContainersIT} needs a Docker engine and runs with the profile {@code it-system}.
 */
package io.millrace.it.containers;
