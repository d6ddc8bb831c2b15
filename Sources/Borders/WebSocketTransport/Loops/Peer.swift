/// What a loop knows about one connection of any kind. Kept alive by the loop until the connection is gone.
package class Peer {
    package let loop: MediaLoop
    /// nil before a client has connected, after a hand-over, and after the connection is gone.
    final var wire: Wire?
    /// nil for clients.
    final let binding: ServerBinding?
    /// Place in the loop's list; -1 when not listed.
    final var slot = -1
    /// The loop's seconds counter when the other side was last heard; on the hot path cheaper than a clock.
    final var heardAt: Int
    /// Waits to be ended outside of all connections' callbacks.
    private(set) final var isDoomed = false

    init(loop: MediaLoop, binding: ServerBinding?) {
        self.loop = loop
        self.binding = binding
        heardAt = loop.seconds
    }

    /// The wire has something to read, or takes bytes again. Nobody is freed in here: ends go by way of ``doom()``.
    func wireIsReady(reading: Bool, writing: Bool) {}
    /// Once a second.
    func tick() {}
    /// The loop or the server ends: finish in an orderly way.
    func goAway() {}
    /// The connection is gone; nothing comes after this.
    func wireGone() {}

    /// Ends the connection as soon as no callback is on the stack.
    final func doom() {
        guard !isDoomed else { return }
        isDoomed = true
        loop.killSoon(self)
    }

    /// Closes the wire and says so. Outside of all callbacks only.
    final func end() {
        isDoomed = false
        wire?.close()
        wire = nil
        wireGone()
        loop.noteDeparture()
    }
}
