package io.osevent.it.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.osevent.it.libvirt.Guest;
import io.osevent.it.libvirt.LibvirtdRig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libvirt.Connect;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** The page in a browser, with a real libvirtd and QEMU guests behind it. */
@Timeout(180)
class PageTest {

    private static final String TOKEN = "only-for-this-test";

    private static LibvirtdRig rig;
    private static AgentProcess agent;

    private Browser browser;

    @BeforeAll
    static void startAll(@TempDir Path directory) throws Exception {
        rig = LibvirtdRig.start();
        Connect connect = new Connect(rig.uri("qemu"));
        for (String name : List.of("alpha", "beta", "gamma")) {
            connect.domainDefineXML(rig.guest(name, Guest.Variant.WAIT).xml()).free();
        }
        connect.close();
        Path config = directory.resolve("agent.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                tokens:
                  - name: op
                    role: operator
                    token: %s
                  - name: guest
                    role: viewer
                    token: %s-viewer
                hosts:
                  - id: lab
                    uri: %s
                  - id: simulated
                    uri: test:///default
                """.formatted(TOKEN, TOKEN, rig.uri("qemu")));
        agent = AgentProcess.start("--config", config.toString());
    }

    @AfterAll
    static void stopAll() {
        if (agent != null) {
            agent.close();
        }
        if (rig != null) {
            rig.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        browser = Browser.start(1280, 1000);
        browser.driver().get(agent.url().toString());
        browser.seeText("#link", "live");
        logIn(TOKEN);
        browser.see("tr[data-domain='alpha']");
    }

    @AfterEach
    void close() throws Exception {
        if (browser != null) {
            browser.screenshot("last");
            List<String> complaints = browser.complaints();
            browser.close();
            assertEquals(List.of(), complaints);
        }
    }

    @Test
    void aGuestIsStartedPausedAndPoweredOffUnderOnesEyes() throws Exception {
        act("alpha", "start");
        browser.see("tr[data-domain='alpha'][data-state='running']");
        browser.seeText("#events li", "STARTED BOOTED");
        act("alpha", "suspend");
        browser.see("tr[data-domain='alpha'][data-state='paused']");
        browser.screenshot("normal");
        act("alpha", "resume");
        act("alpha", "destroy");
        browser.see("tr[data-domain='alpha'][data-state='shutoff']");
        browser.seeText("#events li", "STOPPED DESTROYED");
    }

    @Test
    void nothingHappensWithoutAYes() throws Exception {
        browser.click("tr[data-domain='beta'] [data-action='start']");
        browser.seeText("#confirm-title", "start beta?");
        browser.driver().switchTo().activeElement().sendKeys(Keys.ENTER);
        browser.until(
                "the question is gone",
                driver -> driver.findElements(By.cssSelector("#confirm[open]")).isEmpty());
        assertTrue(agent.get("/api/domains").body().contains("\"name\":\"beta\""));
        assertTrue(agent.lines().stream().noneMatch(line -> line.contains("domain=beta action=start")));
    }

    @Test
    void theConsoleTalksToTheGuest() throws Exception {
        act("gamma", "start");
        browser.click("tr[data-domain='gamma'] [data-action='console']");
        browser.seeText("#console-state", "connected");
        WebElement keyboard = browser.until(
                "the terminal", driver -> driver.findElement(By.cssSelector("#terminal textarea, #terminal pre")));
        keyboard.sendKeys("hello guest");
        browser.until("the guest's echo", driver -> screenText().contains("hello guest"));
        browser.screenshot("console");
        // Control-D makes this guest power off; the console ends with it.
        keyboard.sendKeys(Keys.chord(Keys.CONTROL, "d"));
        browser.seeText("#console-state", "closed");
        browser.click("#console-close");
        browser.see("tr[data-domain='gamma'][data-state='shutoff']");
        browser.seeText("#events li", "STOPPED SHUTDOWN");
    }

    /** All other keys belong to the guest. */
    @Test
    void aConsoleIsLeftByAKey() throws Exception {
        act("gamma", "start");
        browser.click("tr[data-domain='gamma'] [data-action='console']");
        browser.seeText("#console-state", "connected");
        WebElement keyboard = browser.until(
                "the terminal", driver -> driver.findElement(By.cssSelector("#terminal textarea, #terminal pre")));
        keyboard.sendKeys(Keys.ESCAPE);
        browser.see("#console[open]");
        keyboard.sendKeys(Keys.chord(Keys.CONTROL, "]"));
        browser.until(
                "the console is closed",
                driver -> driver.findElements(By.cssSelector("#console[open]")).isEmpty());
        act("gamma", "destroy");
    }

    @Test
    void anOutageIsShownAndEndsByItself() throws Exception {
        act("beta", "start");
        browser.see("tr[data-domain='beta'][data-state='running']");
        rig.kill9();
        browser.see("#hosts li.backing-off, #hosts li.down");
        browser.see("tr.stale[data-domain='beta']");
        browser.screenshot("host-down");
        rig.killGuest("beta");
        rig.startDaemon();
        browser.see("tr[data-domain='beta'][data-state='shutoff']:not(.stale)");
        browser.seeText("#hosts li.up", "lab");
        browser.seeText("#events li", "STOPPED");
    }

    @Test
    void searchFilterAndKeysWork() throws Exception {
        type("/");
        browser.driver().switchTo().activeElement().sendKeys("alp");
        browser.until(
                "one row",
                driver -> driver.findElements(By.cssSelector("#domains tr")).size() == 1);
        browser.driver()
                .switchTo()
                .activeElement()
                .sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE, Keys.ESCAPE);
        browser.until(
                "all rows",
                driver -> driver.findElements(By.cssSelector("#domains tr")).size() == 4);
        type("j");
        browser.see("tr.chosen");
        type(Keys.ENTER.toString());
        assertEquals("button", browser.driver().switchTo().activeElement().getTagName());
        type("?");
        browser.see("#keys[open]");
        browser.driver().switchTo().activeElement().sendKeys(Keys.ESCAPE);
        type("e");
        browser.driver().switchTo().activeElement().sendKeys("no event has these words");
        browser.until(
                "no events",
                driver -> driver.findElements(By.cssSelector("#events li")).isEmpty());
        browser.seeText("#no-events", "No event matches.");
    }

    @Test
    void darkAndNarrow() throws Exception {
        type("t");
        browser.until(
                "dark",
                driver -> !driver.findElements(By.cssSelector("html.dark")).isEmpty());
        browser.screenshot("dark");
        browser.screen(390, 844);
        browser.see("tr[data-domain='alpha']");
        assertEquals("[]", String.valueOf(browser.driver().executeScript("""
                const width = document.documentElement.clientWidth;
                return [...document.querySelectorAll('body *')]
                    .filter((e) => e.getBoundingClientRect().right > width + 0.5 && getComputedStyle(e).clipPath === 'none')
                    .map((e) => e.tagName + '.' + e.className);
                """)), "what sticks out of a narrow page");
        browser.screenshot("narrow");
    }

    /** What one sees first: no token, nothing has happened, and one of the hosts is not to be had. */
    @Test
    void aFreshAgentExplainsItself() throws Exception {
        try (AgentProcess fresh =
                AgentProcess.start("--connect", "test:///default", "--connect", "qemu+unix:///system?socket=/none")) {
            browser.driver().get(fresh.url().toString());
            browser.seeText("#hosts li.up", "test-default");
            browser.seeText("#hosts li:not(.up) .reason", "/none");
            browser.seeText("#host-count", "1 of 2 connected");
            // It is tried again and again, and told once.
            try (EventReader events = fresh.events("")) {
                for (int failed = 0; failed < 2; ) {
                    failed += events.next("host").data().getString("state").equals("down") ? 1 : 0;
                }
            }
            browser.seeText("#events li.down", "/none");
            assertEquals(
                    1,
                    browser.driver()
                            .findElements(By.cssSelector("#events li.down"))
                            .size());
            browser.click("tr[data-domain='test']");
            browser.screenshot("fresh");
            act("test", "suspend");
            browser.see("tr[data-domain='test'][data-state='paused']");
            browser.seeText("#events li", "SUSPENDED PAUSED");
            browser.screen(390, 844);
            browser.screenshot("fresh-narrow");
            // Left before the agent ends: a broken stream is a complaint of the browser's.
            browser.driver().get("about:blank");
        }
    }

    @Test
    void aViewerSeesNoButtons() throws Exception {
        browser.click("#who");
        browser.until(
                "logged out",
                driver -> driver.findElement(By.id("who")).getText().equals("Log in"));
        logIn(TOKEN + "-viewer");
        browser.see("tr[data-domain='alpha']");
        assertTrue(
                browser.driver().findElements(By.cssSelector(".actions button")).isEmpty());
    }

    private void logIn(String token) {
        browser.click("#who");
        browser.see("#token-input").sendKeys(token, Keys.ENTER);
        browser.seeText("#who", "log out");
        browser.seeText("#link", "live");
    }

    private void act(String domain, String action) {
        browser.click("tr[data-domain='" + domain + "'] [data-action='" + action + "']");
        browser.seeText("#confirm-title", action + " " + domain + "?");
        browser.click("#confirm-yes");
        browser.seeText("#toasts", action + " " + domain + ": done");
    }

    private void type(String key) {
        browser.driver().findElement(By.tagName("body")).sendKeys(key);
    }

    /** xterm.js draws on a canvas: its buffer is asked instead. */
    private String screenText() {
        return String.valueOf(browser.driver().executeScript("""
                const rows = document.querySelector('#terminal pre, #terminal .xterm-accessibility, #terminal .xterm-rows');
                return rows ? rows.textContent : '';
                """));
    }
}
