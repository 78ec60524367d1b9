"""An LSTM encoder and decoder with global attention after Luong, Pham and Manning (2015), fed with the right words."""

import torch
from torch import Tensor, nn


class Seq2Seq(nn.Module):
    def __init__(self, vocabulary: int = 10000, width: int = 256, hidden: int = 512, depth: int = 2) -> None:
        super().__init__()
        self.source_words = nn.Embedding(vocabulary, width)
        self.target_words = nn.Embedding(vocabulary, width)
        self.encoder = nn.LSTM(width, hidden, depth, batch_first=True, dropout=0.2)
        self.decoder = nn.LSTM(width, hidden, depth, batch_first=True, dropout=0.2)
        self.align = nn.Linear(hidden, hidden, bias=False)
        self.combine = nn.Linear(2 * hidden, hidden, bias=False)
        self.head = nn.Linear(hidden, vocabulary)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(self.source_words(source))
        answers, _ = self.decoder(self.target_words(target), state)
        scores = answers @ self.align(memory).transpose(1, 2)
        context = scores.softmax(-1) @ memory
        return self.head(torch.tanh(self.combine(torch.cat([context, answers], -1))))
