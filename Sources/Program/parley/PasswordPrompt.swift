import API
import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A new password from the terminal, twice and unseen, or from one line of standard input. Never from an argument: those are
/// seen by everybody on the machine.
enum PasswordPrompt {
    static func read(for email: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine() else { throw Arguments.Mistake(text: "standard input holds no password") }
            return line
        }
        while true {
            let password = try ask("Password for \(email): ")
            if let fault = UserAccounts.fault(in: password, email: email) {
                complain(fault)
                continue
            }
            if try ask("The same again: ") == password { return password }
            complain("These were two different ones.")
        }
    }

    private static func ask(_ question: String) throws -> String {
        var shown = termios()
        guard tcgetattr(STDIN_FILENO, &shown) == 0 else {
            throw Arguments.Mistake(text: "the terminal is not readable")
        }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown) }
        print(question, terminator: "")
        fflush(nil)
        defer { print("") }
        guard let line = readLine() else { throw Arguments.Mistake(text: "no password was given") }
        return line
    }
}
