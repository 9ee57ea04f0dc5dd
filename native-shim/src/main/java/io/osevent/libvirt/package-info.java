/**
 * libvirt's event hooks ({@code virEventRegisterImpl}) on an {@link io.osevent.bridge.EventSet}.
 *
 * <p>Start at {@link io.osevent.libvirt.VirEventImpl}. This package only decodes; everything that can race is in
 * {@link io.osevent.bridge}.
 */
package io.osevent.libvirt;
