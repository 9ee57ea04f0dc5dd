/** The event loop of Vert.x as a host of foreign libraries. */
package io.osevent.vertx;
