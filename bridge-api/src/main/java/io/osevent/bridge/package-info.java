/**
 * Registrations of a foreign library on a host's event loop.
 *
 * <p>Read in this order: {@link io.osevent.bridge.EventSet} (register, modify, deregister),
 * {@link io.osevent.bridge.Turn} (dispatch), {@code StateWord} (disable, finalize),
 * {@link io.osevent.bridge.NativeContext} (teardown), {@link io.osevent.bridge.EventHost} (the loop's side).
 */
package io.osevent.bridge;
