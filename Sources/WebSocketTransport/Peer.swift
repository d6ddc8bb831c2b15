internal import CLibWebSockets

/// What a loop knows about one connection of any kind. Kept alive by the loop until the connection is gone.
package class Peer {
    package let loop: MediaLoop
    /// nil before a client has connected and after the connection is gone.
    var wire: Wire?
    /// nil for clients.
    let binding: ServerBinding?
    /// Place in the loop's list; -1 when not listed.
    var slot = -1
    /// The loop's seconds counter when the other side was last heard; on the hot path cheaper than a clock.
    var heardAt: Int
    /// Waits to be killed outside of libwebsockets' callbacks.
    var isDoomed = false

    init(loop: MediaLoop, binding: ServerBinding?) {
        self.loop = loop
        self.binding = binding
        heardAt = loop.seconds
    }

    /// Once a second.
    func tick() {}
    /// The loop or the server ends: finish in an orderly way.
    func goAway() {}
    /// The connection is gone; nothing comes after this.
    func wireGone() {}

    /// Ends the connection as soon as no callback of it is on the stack.
    final func doom() {
        guard !isDoomed else { return }
        isDoomed = true
        loop.killSoon(self)
    }
}
