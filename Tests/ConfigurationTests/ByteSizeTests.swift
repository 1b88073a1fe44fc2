import Configuration
import Testing

@Suite struct ByteSizeTests {
    @Test(
        arguments: [
            ("0MB", 0), ("1kB", 1000), ("1KB", 1000), ("500MB", 500_000_000), ("10GB", 10_000_000_000),
            (" 1.5TB ", 1_500_000_000_000), ("2KiB", 2048), ("1.5MiB", 1_572_864), ("10GiB", 10_737_418_240),
            ("0.001kB", 1), ("0.001KiB", 1), ("1000TB", 1_000_000_000_000_000), ("1TiB", 1 << 40),
        ] as [(String, Int64)]
    )
    func sizes(text: String, bytes: Int64) throws {
        #expect(try ByteSize.parse(text) == bytes)
    }

    @Test(arguments: [
        ("", "`` is not a size such as `500MB` or `10GB`"), ("GB", "`GB` is not a size such as `500MB` or `10GB`"),
        ("10", "`10` needs a unit: MB, GB or TB, as in `10GB`"),
        ("10 GB", "`10 GB` has the unknown unit ` GB`; there are kB, MB, GB and TB, and KiB, MiB, GiB and TiB"),
        ("10gb", "`10gb` has the unknown unit `gb`; there are kB, MB, GB and TB, and KiB, MiB, GiB and TiB"),
        ("-1GB", "`-1GB` is negative; a size is at least 0"),
        ("1.GB", "`1.` is not a number with at most three decimals"),
        ("1.2345GB", "`1.2345` is not a number with at most three decimals"),
        ("1.2.3GB", "`1.2.3` is not a number with at most three decimals"),
        ("+1GB", "`+1` is not a number with at most three decimals"),
        ("1001TB", "`1001TB` is more than 1000TB"),
        ("99999999999999999999GB", "`99999999999999999999GB` is more than 1000TB"),
    ])
    func refused(text: String, words: String) {
        #expect(throws: InvalidValue(words)) { try ByteSize.parse(text) }
    }
}
