"""The rearranged forward pass computes what `BertModel` computes, for any shape of model and batch."""

import json

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertModel, DistilBertConfig

from index.embedders import TransformersEncoder, _has_bf16
from index.packed_bert import PackedBert, _weighted

bf16 = pytest.mark.skipif(not _has_bf16(), reason="this processor does not compute in bfloat16")


def tiny(**settings) -> BertModel:
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=60,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=48,
        max_position_embeddings=40,
        **settings,
    )
    return BertModel(config, add_pooling_layer=False).eval()


def reference(model: BertModel, text: list[int]) -> np.ndarray:
    with torch.inference_mode():
        return model(torch.tensor([text])).last_hidden_state[0].numpy()


@bf16
@pytest.mark.parametrize(
    "texts",
    [
        [[2, 5, 3]],
        [[2, 3], [2, 7, 3], [2, 9, 3], [2, 9, 11, 3]],  # one run of two between single ones
        [[1], list(range(40)), [2, 3]],  # shortest, the most places there are, not sorted
    ],
)
def test_hidden_states_are_those_of_the_model(texts):
    model = tiny()
    with torch.inference_mode():
        packed = PackedBert(model.bfloat16().state_dict(), model.config.to_dict())(texts)
    model = model.float()
    assert [states.shape for states in packed] == [(len(text), 32) for text in texts]
    for states, text in zip(packed, texts, strict=True):
        wanted = reference(model, text)
        cosines = (states.numpy() * wanted).sum(1) / np.linalg.norm(wanted, axis=1)
        assert np.allclose(cosines / np.linalg.norm(states.numpy(), axis=1), 1, atol=5e-4)


@pytest.mark.parametrize(
    ("config", "fits"),
    [
        (BertConfig(), True),
        (BertConfig(hidden_act="relu"), False),
        (BertConfig(is_decoder=True), False),
        (DistilBertConfig(), False),
    ],
)
def test_only_a_plain_bert_is_rearranged(config, fits):
    assert PackedBert.fits(config.to_dict()) is fits


@pytest.mark.parametrize("activation", ["gelu", "relu"])  # rearranged where it can be, and as it comes
@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_an_encoder_from_a_folder_pools_what_its_model_gives(tmp_path, activation, pooling):
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    words = ["[PAD]", "[CLS]", "[SEP]", "[UNK]", "heart", "lung", "image", "model"]
    raw = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    raw.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
    )
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="[PAD]", cls_token="[CLS]")
    model = tiny(hidden_act=activation)
    tokenizer.save_pretrained(tmp_path)
    model.save_pretrained(tmp_path)
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text(
        json.dumps({"pooling_mode_cls_token": pooling == "cls"})
    )

    rows = TransformersEncoder(tmp_path).encode(["heart image model", "lung", "heart lung model model"])

    for row, ids in zip(rows, [[1, 4, 6, 7, 2], [1, 5, 2], [1, 4, 5, 7, 7, 2]], strict=True):
        states = reference(model, ids)
        wanted = states[0] if pooling == "cls" else states.mean(0)
        assert row @ wanted / np.linalg.norm(wanted) == pytest.approx(1, abs=5e-4)


@bf16
@pytest.mark.parametrize("size", [1, 30, 400])  # exponentials as they come, and beyond what they bear
def test_attention_weights_are_the_softmax_whatever_the_size_of_the_scores(size):
    torch.manual_seed(3)
    scores, values = size * torch.randn(2, 5, 5), torch.randn(2, 5, 4)
    wanted = scores.bfloat16().float().softmax(-1) @ values
    got = _weighted(scores.bfloat16(), values.bfloat16())
    assert torch.allclose(got.float(), wanted, atol=0.03)
