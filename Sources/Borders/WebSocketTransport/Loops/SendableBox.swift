/// Carries a loop-confined object through a post to its own loop.
/// @unchecked: the object is made, used and released on that one loop's thread only.
package struct SendableBox<Value>: @unchecked Sendable {
    package let value: Value
    package init(_ value: Value) { self.value = value }
}
