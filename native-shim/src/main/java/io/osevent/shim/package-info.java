/**
 * The native seam: what the core needs of the kernel, and the calls into C that a dialect makes.
 *
 * <p>Start at {@link io.osevent.shim.Seams}.
 */
package io.osevent.shim;
