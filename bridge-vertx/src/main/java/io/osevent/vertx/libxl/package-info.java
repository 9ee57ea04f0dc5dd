/**
 * What libxl's data looks like to a user of {@link io.osevent.vertx.LibxlContext}. Out of scope for now: HVM guests,
 * migration, and reports of progress.
 */
package io.osevent.vertx.libxl;
