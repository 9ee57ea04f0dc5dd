/** What the dialects share; not for users. */
package io.osevent.shim.internal;
