/**
 * libxl's event hooks ({@code libxl_osevent_hooks}) on an {@link io.osevent.bridge.EventSet}, and a small binding of
 * libxl itself, for which no other exists in Java.
 *
 * <p>Start at {@link io.osevent.libxl.LibxlCtx}. The hooks only decode; everything that can race is in
 * {@link io.osevent.bridge}. Data crosses as libxl's own JSON in blocks whose layout nobody here knows.
 *
 * <p>Users of Vert.x do not need this package: {@code io.osevent.vertx.LibxlContext} sees to threads and teardown.
 */
package io.osevent.libxl;
