@main struct CoreBenchmark {
    static func main() {}
}
