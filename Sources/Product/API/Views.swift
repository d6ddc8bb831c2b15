/// What addresses answer, field by field: the document is made from these, and a test holds the statements to them.
/// Each feature adds its own.
package enum View {}
