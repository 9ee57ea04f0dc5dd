package io.osevent.it.libvirt;

import java.util.concurrent.CountDownLatch;

/** A program that holds a rig until it is killed: see {@link RigOutlivesNothingTest}. */
final class RigHolder {
    private RigHolder() {}

    public static void main(String[] args) throws Exception {
        LibvirtdRig rig = LibvirtdRig.start();
        System.out.println(rig.pid() + " " + rig.directory());
        new CountDownLatch(1).await();
    }
}
