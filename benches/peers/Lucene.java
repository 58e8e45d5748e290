// Warm searches of an index that Anserini has built, on one thread, for `cargo bench --bench peers`.
//
// java -cp JAR:. Lucene INDEX QUERIES: reads the name of a class of queries a line, runs each query of
// the class once (top 10 with their ids) and answers `class TAB nanoseconds TAB queries TAB hits`.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.index.BinaryDocValues;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.similarities.BM25Similarity;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.BytesRef;

public class Lucene {
    static final String FIELD = "contents";
    // Anserini's own analysis: standard tokens, lower case, English stop words, Porter.
    static final Analyzer ANALYZER = new EnglishAnalyzer();

    public static void main(String[] args) throws Exception {
        Map<String, List<String>> classes = new LinkedHashMap<>();
        for (String line : Files.readAllLines(Path.of(args[1]))) {
            String[] columns = line.split("\t");
            classes.computeIfAbsent(columns[0], name -> new ArrayList<>()).add(columns[2]);
        }
        DirectoryReader reader = DirectoryReader.open(new MMapDirectory(Path.of(args[0])));
        IndexSearcher searcher = new IndexSearcher(reader);
        searcher.setSimilarity(new BM25Similarity(0.9f, 0.4f));
        searcher.setQueryCache(null);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String name = in.readLine(); name != null; name = in.readLine()) {
            if (name.equals("open")) {
                long begin = System.nanoTime();
                for (int i = 0; i < 20; i++) {
                    DirectoryReader.open(new MMapDirectory(Path.of(args[0]))).close();
                }
                System.out.println("open\t" + (System.nanoTime() - begin) + "\t20\t20");
                continue;
            }
            List<String> queries = classes.getOrDefault(name, List.of());
            long hits = 0;
            long start = System.nanoTime();
            for (String text : queries) {
                ScoreDoc[] found = searcher.search(query(name, text), 10).scoreDocs;
                for (ScoreDoc one : found) {
                    hits += id(searcher, one.doc).length > 0 ? 1 : 0;
                }
            }
            System.out.println(name + "\t" + (System.nanoTime() - start) + "\t" + queries.size() + "\t" + hits);
        }
    }

    /** Reads an id from its column, which is the cheapest that Anserini's index has. */
    static BytesRef id(IndexSearcher searcher, int document) throws Exception {
        List<LeafReaderContext> leaves = searcher.getIndexReader().leaves();
        LeafReaderContext leaf = leaves.get(ReaderUtil.subIndex(document, leaves));
        BinaryDocValues ids = leaf.reader().getBinaryDocValues("id");
        return ids.advanceExact(document - leaf.docBase) ? ids.binaryValue() : new BytesRef();
    }

    static Query query(String name, String text) throws Exception {
        BooleanQuery.Builder either = new BooleanQuery.Builder();
        switch (name) {
            case "prefix":
                return new PrefixQuery(new Term(FIELD, text));
            case "phrase":
                return phrase(text);
            case "topic":
                for (String form : text.split("\\|")) {
                    either.add(phrase(form), Occur.SHOULD);
                }
                return either.build();
            default:
                Occur occur = name.equals("all") ? Occur.MUST : Occur.SHOULD;
                PhraseQuery words = phrase(text);
                for (Term word : words.getTerms()) {
                    either.add(new TermQuery(word), occur);
                }
                return either.build();
        }
    }

    static PhraseQuery phrase(String text) throws Exception {
        PhraseQuery.Builder builder = new PhraseQuery.Builder();
        try (TokenStream stream = ANALYZER.tokenStream(FIELD, new StringReader(text))) {
            CharTermAttribute word = stream.addAttribute(CharTermAttribute.class);
            PositionIncrementAttribute step = stream.addAttribute(PositionIncrementAttribute.class);
            stream.reset();
            for (int at = -1; stream.incrementToken(); ) {
                at += step.getPositionIncrement();
                builder.add(new Term(FIELD, word.toString()), at);
            }
            stream.end();
        }
        return builder.build();
    }
}
