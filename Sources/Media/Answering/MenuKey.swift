/// Keys that a menu may want pressed.
package enum MenuKey {
    /// As they stand on a telephone: row by row, three to each.
    package static let all: [Character] = Array("123456789*0#")
}
