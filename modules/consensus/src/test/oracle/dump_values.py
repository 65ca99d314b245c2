"""How the values of src/test/resources/values were written: what an independent implementation of consensus in Python
computes for every valid block of a DAG file, one value a line. That implementation is not published; its modules, of which
this script imports four, are in the folder that is the first argument. Here for what the names of the values mean.

    python3 dump_values.py IMPLEMENTATION DAG_FILE > VALUES

A block begins with the line "block NUMBER HASH"; then come lines of a name and a value.
Blocks are named by their numbers: genesis is 0, the others are counted in the file's order, broken ones left out.
"""
import sys

sys.path.insert(0, sys.argv[1])

from check_dag import check_blocks  # noqa: E402
from dag_file import read_dag  # noqa: E402
from headers import header_hash  # noqa: E402
from transactions import transaction_hash  # noqa: E402


class Dump:
    def __init__(self, genesis):
        self.numbers = {genesis: 0}

    def number(self, block):
        return self.numbers.get(block, 0)

    def list(self, blocks):
        return ",".join(str(self.number(b)) for b in blocks)

    def levels(self, parents):
        return ";".join([self.list(parents[0])] + [
            ",".join(map(str, sorted(self.number(b) for b in level))) for level in parents[1:]])

    def block(self, block_hash, block, level, _, computed):
        if block.broken_rule:
            return
        self.numbers[block_hash] = len(self.numbers)
        print("block", self.numbers[block_hash], block_hash.hex())
        print("level", level)
        self.dag(computed)
        self.coinbase(computed)
        self.utxo(computed.utxo_state)
        print("utxoCommitment", computed.utxo_commitment.hex())
        self.lanes(computed.seq_commit)

    def dag(self, computed):
        data = computed.ghostdag
        print("selectedParent", self.number(data.selected_parent))
        print("blues", self.list(data.blues))
        print("reds", self.list(data.reds))
        print("mergeset", self.list(computed.merged_blocks[1:]))
        print("blueAnticoneSizes", ",".join(
            f"{n}:{s}" for n, s in sorted((self.number(b), s) for b, s in data.anticone_sizes.items())))
        print("blueScore", data.blue_score)
        print("blueWork", f"{data.blue_work:048x}")
        print("mergeRoot", self.number(computed.merge_root))
        print("daaScore", computed.daa_score)
        print("outsideWindow", ",".join(map(str, sorted(self.number(b) for b in computed.non_daa))))
        print("bits", computed.difficulty["bits"])
        print("difficultyWindow", self.list(computed.difficulty["window"]))
        print("pastMedianTime", computed.median_time["past_median_time"])
        print("medianTimeWindow", self.list(computed.median_time["window"]))
        print("parents", self.levels(computed.parents_by_level))
        print("pruningSample", self.number(computed.pruning_sample))
        print("pruningPoint", self.number(computed.pruning_point))

    def coinbase(self, computed):
        print("subsidy", computed.subsidy)
        for block, reward in computed.rewards.items():
            colour = "blue" if block in computed.ghostdag.blues else "red"
            print(f"reward.{self.number(block)}", reward.subsidy, reward.fees, colour)
        print("coinbase", transaction_hash(computed.coinbase).hex())

    def utxo(self, state):
        for index, (tx_id, _) in enumerate(state.accepted):
            print(f"accepted.{index}", tx_id.hex())
        for index, (block, tx_id, _) in enumerate(state.rejected):
            print(f"rejected.{index}", self.number(block), tx_id.hex())
        for name, entries in (("added", state.added), ("removed", state.removed)):
            for (tx_id, index), e in entries.items():
                covenant = e.covenant_id.hex() if e.covenant_id else "-"
                print(f"{name}.{tx_id.hex()}:{index}", e.amount, e.block_daa_score, "coinbase" if e.is_coinbase else "-",
                      covenant, e.script_version, e.script.hex())

    def lanes(self, commit):
        print("context", commit.context.hex())
        for index, lane in enumerate(commit.touched):
            print(f"touched.{index}", lane["lane_key"].hex(), lane["digest"].hex(), lane["tip"].hex())
        for key, (tip, touch) in commit.lanes.items():
            print(f"lane.{key.hex()}", tip.hex(), touch)
        print("lanesRoot", commit.lanes_root.hex())
        print("payloadAndContext", commit.payload_and_context.hex())
        print("shortcutBlock", self.number(commit.shortcut_block) if commit.shortcut_block else 0)
        print("shortcut", commit.shortcut.hex())
        print("activityRoot", commit.activity_root.hex())
        print("stateRoot", commit.state_root.hex())
        print("commitment", commit.value.hex())


def main():
    params, blocks = read_dag(sys.argv[2])
    outcome, _ = check_blocks(params, blocks, Dump(header_hash(blocks[0].header)).block)
    if outcome.mismatch:
        sys.exit(str(outcome))


main()
